using CsCheck;
using Morgana.Build.Diagnostics;

namespace Morgana.Build.Tests.Diagnostics;

public sealed class UndefinedSymbolTests
{
    private const string Printed = """
        ld.lld: error: undefined symbol: CompressionNative_DeflateInit2_
        >>> referenced by ZLibNative.cs:235 (/_/src/System/IO/Compression/ZLibNative.cs:235)
        >>>               /home/a (b)/obj/x64/managed.o:(System_IO_Compression_ZLibStreamHandle__DeflateInit2_)

        ld.lld: error: undefined symbol: connect
        >>> referenced by pal_networking.c:100 (/_/src/pal_networking.c:100)
        >>>               pal_networking.c.o:(SystemNative_Connect) in archive /packs/libSystem.Native.a
        >>> referenced by pal_networking.c
        >>>               pal_networking.c.o:(.text.SystemNative_Connectx+0x1f) in archive /packs/libSystem.Native.a
        """;

    [Fact]
    public void Each_symbol_has_the_functions_that_want_it()
    {
        IReadOnlyList<UndefinedSymbol> symbols = UndefinedSymbol.Parse(Printed);
        Assert.Equal(["CompressionNative_DeflateInit2_", "connect"], symbols.Select(s => s.Name));
        Assert.Equal(
            ["System_IO_Compression_ZLibStreamHandle__DeflateInit2_"],
            symbols[0].Referrers
        );
        Assert.Equal(["SystemNative_Connect", "SystemNative_Connectx"], symbols[1].Referrers);
    }

    [Fact]
    public void Another_failure_has_none() =>
        Assert.Empty(UndefinedSymbol.Parse("ld.lld: error: cannot open x.o: No such file"));

    [Fact]
    public void Any_text_is_read()
    {
        Gen.String.Sample(text => _ = UndefinedSymbol.Parse(text));
        string[] pieces =
        [
            "error: undefined symbol: a",
            ">>> .o:(b)",
            ">>> x.o:(",
            "()",
            "\n",
            " ",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Select(i => pieces[i])
            .Array[0, 12]
            .Sample(parts => _ = UndefinedSymbol.Parse(string.Concat(parts)));
    }
}
