using CsCheck;
using Morgana.Build.Actions;

namespace Morgana.Build.Tests;

public sealed class DependencyListTests
{
    [Theory]
    [InlineData("a.o: a.c b.h\n", "a.c|b.h")]
    [InlineData("a.o: a.c \\\n  b.h \\\n  c.h\n", "a.c|b.h|c.h")]
    [InlineData("a.o: a.c \\\r\n  b.h\r\n", "a.c|b.h")]
    [InlineData("a.o: my\\ dir/b.h a\\#b $$x", "my dir/b.h|a#b|$x")]
    [InlineData("C:\\o\\a.o: C:\\s\\a.c", "C:\\s\\a.c")]
    [InlineData("a.o: a.c\n\nb.h:\n\nc.o: c.c a.c\n", "a.c|c.c")]
    [InlineData("", "")]
    [InlineData("a.o:\n", "")]
    public void Rules_are_read(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', DependencyList.Parse(text)));

    /// <summary>As clang writes it.</summary>
    [Fact]
    public void What_a_compiler_writes_is_read() =>
        Gen.String[Gen.Char["abc/.-_ #$:"], 1, 12]
            .Where(path => path.Trim().Length > 0 && path[0] != ' ' && !path.EndsWith(':'))
            .Where(path => !path.Contains(": ", StringComparison.Ordinal))
            .Array[0, 6]
            .Sample(paths =>
            {
                string[] all = [.. paths.Distinct()];
                string text =
                    "out.o:"
                    + string.Concat(
                        all.Select(path =>
                            " \\\n  "
                            + path.Replace("$", "$$", StringComparison.Ordinal)
                                .Replace(" ", "\\ ", StringComparison.Ordinal)
                                .Replace("#", "\\#", StringComparison.Ordinal)
                        )
                    )
                    + "\n";
                Assert.Equal(all, DependencyList.Parse(text));
            });

    [Fact]
    public void Nothing_makes_it_fail() =>
        Gen.String[Gen.Char["ab:\\ \r\n$#\t"], 0, 40]
            .Sample(text => Assert.NotNull(DependencyList.Parse(text)));
}
