using System.Text;

namespace Morgana.Runtime.Tests;

public class NoBootArgumentsTests
{
    private static (int? Exit, string Printed) Read(params string[] arguments)
    {
        using MemoryStream console = new();
        int? exit = new NoBootArguments("hello", "Greets.").Read(arguments, console);
        return (exit, Encoding.UTF8.GetString(console.ToArray()));
    }

    [Fact]
    public void None_is_right() => Assert.Equal((null, ""), Read());

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Help_says_that_there_are_none(string help) =>
        Assert.Equal((0, "Greets.\nhello takes no arguments.\n"), Read(help));

    [Theory]
    [InlineData("--ipv4=10.0.0.2/24")]
    [InlineData("")]
    [InlineData("x", "--help")]
    public void Any_other_is_refused(params string[] arguments)
    {
        (int? exit, string printed) = Read(arguments);
        Assert.Equal(64, exit);
        Assert.Equal(
            $"hello: '{arguments[0]}' is not understood: this image takes no arguments.\n",
            printed
        );
    }
}
