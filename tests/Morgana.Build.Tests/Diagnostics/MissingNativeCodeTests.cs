using System.IO.Compression;
using System.Runtime.InteropServices;
using Morgana.Build.Diagnostics;
using Morgana.Workspace;

namespace Morgana.Build.Tests.Diagnostics;

/// <summary>This very assembly is the program whose link has failed: it calls DeflateStream below.</summary>
public sealed class MissingNativeCodeTests
{
    private static readonly string[] Dotnet =
    [
        .. Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll"),
    ];

    /// <summary>What the tests look for; nobody calls it.</summary>
    internal static void UseCompression(Stream stream)
    {
        using DeflateStream deflate = new(stream, CompressionLevel.Fastest); // the line
        deflate.WriteByte(1);
    }

    private static IReadOnlyList<WorkspaceMistake> Explain(params UndefinedSymbol[] symbols) =>
        MissingNativeCode.Explain(symbols, TestAssembly.Location, Dotnet, TestAssembly.Checkout);

    [Fact]
    public void The_line_of_the_program_is_named_with_the_type_of_dotnet_and_what_to_take_instead()
    {
        WorkspaceMistake mistake = Assert.Single(
            Explain(
                new UndefinedSymbol(
                    "CompressionNative_Deflate",
                    ["System_IO_Compression_System_IO_Compression_ZLibNative__Deflate"]
                )
            ),
            m => m.Message.Contains("DeflateStream", StringComparison.Ordinal)
        );
        string[] source = File.ReadAllLines(mistake.File);
        Assert.EndsWith("// the line", source[mistake.Line - 1], StringComparison.Ordinal);
        Assert.Contains(
            "System.IO.Compression.DeflateStream needs native code that no image has (CompressionNative_Deflate)",
            mistake.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("SharpZipLib", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_dotnet_that_the_program_does_not_use_itself_is_named_without_a_place()
    {
        IReadOnlyList<WorkspaceMistake> mistakes = Explain(
            new UndefinedSymbol("connect", ["SystemNative_Connect"])
        );
        Assert.All(mistakes, m => Assert.Equal(MissingNativeCode.Code, m.Code));
        Assert.Contains(
            mistakes,
            m => m.Message.Contains("System.Net.Sockets", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_symbol_that_no_part_of_dotnet_imports_is_told_with_who_wants_it()
    {
        WorkspaceMistake mistake = Assert.Single(
            Explain(new UndefinedSymbol("no_such_symbol", ["wanting_function"]))
        );
        Assert.StartsWith(
            "no_such_symbol, wanted by wanting_function, is in no library of the link",
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_any_assembly_there_is_a_message_all_the_same() =>
        Assert.Single(
            MissingNativeCode.Explain(
                [new UndefinedSymbol("connect", [])],
                "",
                ["/no/such/file.dll"],
                TestAssembly.Checkout
            )
        );
}
