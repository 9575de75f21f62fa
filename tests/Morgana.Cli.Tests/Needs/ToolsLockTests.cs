using Morgana.Cli.Needs.Locks;

namespace Morgana.Cli.Tests;

public sealed class ToolsLockTests : IDisposable
{
    private static readonly LockedPackage[] Two =
    [
        new("B.C", "1.0.0", "aa=="),
        new("Sdk", "0.1.0", ""),
    ];

    private static readonly Dictionary<string, string> Found = new() { ["clang"] = "clang 14" };

    private readonly UnikernelSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void What_is_written_is_read_again_and_the_same_text_comes_of_it()
    {
        string text = ToolsLock.Print(null, "linux-x64", Two, Found);
        ToolsLock read = Read(text);
        Assert.Equal(Two, read.Packages("linux-x64"));
        Assert.Equal(Found, read.Found("linux-x64"));
        Assert.Equal(text, ToolsLock.Print(read, "linux-x64", Two, Found));
    }

    [Fact]
    public void Another_host_adds_its_own_and_keeps_the_first()
    {
        ToolsLock one = Read(ToolsLock.Print(null, "linux-x64", Two, Found));
        ToolsLock both = Read(
            ToolsLock.Print(
                one,
                "win-x64",
                [new("W", "2.0.0", "cc==")],
                new Dictionary<string, string>()
            )
        );
        Assert.Equal(Two, both.Packages("linux-x64"));
        Assert.Equal("W@2.0.0", Assert.Single(both.Packages("win-x64")).ToString());
        Assert.False(one.Knows("win-x64"));
    }

    [Fact]
    public void Changes_and_lacks_are_told_apart()
    {
        ToolsLock read = Read(ToolsLock.Print(null, "linux-x64", Two, Found));
        Assert.Empty(read.Changes("linux-x64", Two));
        Assert.Equal(
            ["B.C: the lock has 1.0.0, needed is 2.0.0"],
            read.Changes("linux-x64", [new("B.C", "2.0.0", "aa==")])
        );
        Assert.Equal(
            ["B.C@1.0.0: its content has another hash than the lock names"],
            read.Changes("linux-x64", [new("b.c", "1.0.0", "bb==")])
                .Select(l => l.Replace("b.c", "B.C", StringComparison.Ordinal))
        );
        Assert.Equal(
            "New@1.0.0",
            Assert.Single(read.Lacks("linux-x64", [.. Two, new("New", "1.0.0", "dd==")])).ToString()
        );
        Assert.Equal(2, read.Lacks("win-x64", Two).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"hosts\":{\"linux-x64\":{}}}")]
    [InlineData("{\"hosts\":{\"linux-x64\":{\"packages\":{\"A\":{}},\"found\":{}}}}")]
    [InlineData("{\"hosts\":{\"linux-x64\":{\"packages\":{\"A\":1},\"found\":{}}}}")]
    public void A_damaged_lock_is_an_error_that_says_what_to_do(string text)
    {
        CommandException e = Assert.Throws<CommandException>(() => Read(text));
        Assert.Equal(ExitCode.LockStale, e.ExitCode);
        Assert.Contains("is damaged", e.Message, StringComparison.Ordinal);
    }

    private ToolsLock Read(string text)
    {
        File.WriteAllText(_sandbox.Path("tools.lock.json"), text);
        return ToolsLock.Read(_sandbox.Path("tools.lock.json"))!;
    }
}
