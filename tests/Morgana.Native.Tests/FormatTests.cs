using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>printf and strtol (native/libc/format.c, numbers.c) against the host's C library.</summary>
public sealed unsafe class FormatTests
{
    private static readonly Gen<string> Flags = Gen.OneOf(
        "",
        "-",
        "0",
        "+",
        " ",
        "#",
        "-0",
        "+0",
        "#0",
        "- ",
        "-#"
    );
    private static readonly Gen<string> Width = Gen.OneOf("", "1", "5", "12", "40");
    private static readonly Gen<string> Precision = Gen.OneOf("", ".", ".0", ".1", ".7", ".30");
    private static readonly Gen<string> IntegerKind = Gen.OneOf(
        "d",
        "i",
        "u",
        "x",
        "X",
        "hhd",
        "hd",
        "ld",
        "lld",
        "zu",
        "lx",
        "hhu",
        "hx",
        "jd",
        "llu",
        "c"
    );

    [Fact]
    public void Integers_are_printed_as_the_hosts_library_prints_them() =>
        Gen.Select(
                Flags,
                Width,
                Precision,
                IntegerKind,
                Gen.OneOf(Gen.Long, Gen.Long[-300, 300], Gen.OneOf(0L, 1L))
            )
            .Where((_, _, _, kind, value) => kind != "c" || value is > 0 and < 127)
            .Sample(
                (flags, width, precision, kind, value) =>
                {
                    // C leaves flags of c open.
                    string format =
                        kind == "c" ? $"<%{width}{kind}>" : $"<%{flags}{width}{precision}{kind}>";
                    byte* ours = stackalloc byte[128];
                    byte* theirs = stackalloc byte[128];
                    bool same =
                        NativeParts.FormatBothInteger(ours, theirs, 128, format, value) != 0;
                    Assert.Equal(Text(theirs), Text(ours));
                    Assert.True(same, format);
                },
                iter: 20_000
            );

    [Fact]
    public void Text_is_cut_and_padded_as_the_hosts_library_does() =>
        Gen.Select(
                Gen.OneOf("", "-"),
                Width,
                Precision,
                Gen.String[Gen.Char['a', 'z'], 0, 60],
                Gen.Int[1, 100]
            )
            .Sample(
                (flags, width, precision, value, room) =>
                {
                    string format = $"[%{flags}{width}{precision}s] 100%%";
                    byte* ours = stackalloc byte[128];
                    byte* theirs = stackalloc byte[128];
                    bool same =
                        NativeParts.FormatBothText(ours, theirs, (nuint)room, format, value) != 0;
                    Assert.Equal(Text(theirs), Text(ours));
                    Assert.True(same, format);
                },
                iter: 10_000
            );

    [Theory]
    [InlineData("0x1F", 16, 31, 4)]
    [InlineData("1f", 16, 31, 2)]
    [InlineData("  -42abc", 10, -42, 5)]
    [InlineData("077", 0, 63, 3)]
    [InlineData("0x", 0, 0, 1)]
    [InlineData("", 10, 0, 0)]
    [InlineData("9223372036854775807", 10, long.MaxValue, 19)]
    [InlineData("9223372036854775808", 10, long.MaxValue, 19)]
    [InlineData("-9223372036854775808", 10, long.MinValue, 20)]
    [InlineData("-99999999999999999999", 10, long.MinValue, 21)]
    public void Numbers_are_read_up_to_the_first_character_that_is_no_digit(
        string text,
        int numberBase,
        long value,
        int used
    )
    {
        fixed (byte* start = System.Text.Encoding.ASCII.GetBytes(text + '\0'))
        {
            byte* end;
            Assert.Equal(value, NativeParts.ParseSigned(start, &end, numberBase));
            Assert.Equal(used, end - start);
        }
    }

    [Fact]
    public void Unsigned_numbers_round_trip() =>
        Gen.ULong.Sample(value =>
        {
            byte* end;
            Assert.Equal(value, NativeParts.ParseUnsigned(value.ToString("x"), &end, 16));
            Assert.Equal(value, NativeParts.ParseUnsigned(value.ToString("d"), &end, 10));
        });

    private static string Text(byte* zeroTerminated) =>
        System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)zeroTerminated)!;
}
