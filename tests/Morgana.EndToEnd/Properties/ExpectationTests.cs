namespace Morgana.EndToEnd.Properties;

/// <summary>A comparison that everything passes would make all property tests worthless.</summary>
public sealed class ExpectationTests
{
    [Theory]
    [InlineData("exit 0\na\nb\n", 0, "a\nb\n", true)]
    [InlineData("exit 0\na\nb\n", 0, "a\r\nb\r\n", true)]
    [InlineData("exit 0\na\nb\n", 1, "a\nb\n", false)]
    [InlineData("exit 0\na\nb\n", 0, "a\n", false)]
    [InlineData("exit 0\na\nb\n", 0, "a\nb\nc\n", false)]
    [InlineData("exit 0\n", 0, "", true)]
    [InlineData("exit 0\n", 0, "x\n", false)]
    [InlineData("exit 0\na*c\n", 0, "abc\n", true)]
    [InlineData("exit 0\na*c\n", 0, "ac\n", true)]
    [InlineData("exit 0\na*c\n", 0, "abd\n", false)]
    [InlineData("exit 0\nab*bc\n", 0, "abc\n", false)]
    [InlineData("exit 0\n*x*\n", 0, "1x2\n", true)]
    [InlineData("exit 0\n*x*\n", 0, "12\n", false)]
    [InlineData("exit 0\na\n...\nd\n", 0, "a\nb\nc\nd\n", true)]
    [InlineData("exit 0\na\n...\nd\n", 0, "a\nd\n", true)]
    [InlineData("exit 0\na\n...\nd\n", 0, "a\nb\nc\n", false)]
    [InlineData("exit 0\n...\n", 0, "", true)]
    public void It_tells_right_from_wrong(string expected, int code, string printed, bool fits) =>
        Assert.Equal(fits, Expectation.Parse(expected).Difference(code, printed) is null);
}
