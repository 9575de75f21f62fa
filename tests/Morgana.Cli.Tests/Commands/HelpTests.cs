namespace Morgana.Cli.Tests;

public class HelpTests
{
    [Theory]
    [InlineData(
        "",
        "configure",
        "depends",
        "build",
        "run",
        "describe",
        "query",
        "clean",
        "image",
        "spt",
        "elf"
    )]
    [InlineData("configure", "--target", "--file", "--directory", "--json", "--force")]
    [InlineData("depends", "--update", "--verbose", "packages.NAME.lock.json")]
    [InlineData("build", "--verbose", "dotnet build")]
    [InlineData("describe", "--eval", "--dot", "--json")]
    [InlineData("query", "boot-arguments", "manifest")]
    [InlineData("clean", "--dry-run", "Never a file of yours")]
    [InlineData(
        "image",
        "--tar",
        "--store",
        "--list",
        "--extract",
        "--check",
        "--output",
        "SOURCE_DATE_EPOCH"
    )]
    [InlineData("run", "--publish", "after --")]
    public async Task Every_command_has_help(string command, params string[] parts)
    {
        using UnikernelSandbox sandbox = new();
        sandbox.Know(UnikernelSandbox.SampleJob);
        foreach (string help in (string[])["--help", "-h", "-?"])
        {
            Assert.Equal(
                0,
                await sandbox.RunAsync([
                    .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    help,
                ])
            );
            Assert.All(parts, part => Assert.Contains(part, sandbox.Out, StringComparison.Ordinal));
            Assert.Equal(
                command != "run",
                sandbox.Out.Contains("Exit codes:", StringComparison.Ordinal)
            );
            Assert.Empty(sandbox.Error);
        }
    }

    [Theory]
    [InlineData("configure")]
    [InlineData("describe")]
    public async Task The_keys_of_the_unikernel_are_options(string command)
    {
        using UnikernelSandbox sandbox = new();
        sandbox.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(0, await sandbox.RunAsync(command, "--help"));
        Assert.Contains("--network <true|false>", sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("--mode <fast|slow>", sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("how it works [default: fast]", sandbox.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_configure_is_there_without_a_configuration()
    {
        using UnikernelSandbox sandbox = new();
        File.Delete(sandbox.Path("config.cs"));
        Assert.Equal(0, await sandbox.RunAsync("configure", "--help"));
        Assert.Contains("--target", sandbox.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_on_the_command_line_lists_the_exit_codes_of_the_help()
    {
        using UnikernelSandbox sandbox = new();
        Assert.Equal(0, await sandbox.RunAsync("--help"));
        string page = await File.ReadAllTextAsync(
            Path.Combine(UnikernelSandbox.Checkout, "docs", "cli.md")
        );
        string[] codes =
        [
            .. sandbox
                .Out.Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.Length > 3 && char.IsAsciiDigit(line[0]) && line[1..3] == "  "),
        ];
        Assert.Equal(6, codes.Length);
        Assert.All(
            codes,
            code => Assert.Contains($"| {code[0]} | {code[3..]} |", page, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("there is no target 'xen'", "configure", "-t", "xen")]
    [InlineData("'--nonsense'", "configure", "--nonsense")]
    [InlineData("'stray'", "configure", "stray")]
    [InlineData("--mode cannot be 'slwo': write one of fast, slow", "configure", "--mode=slwo")]
    [InlineData("'--mode'", "configure", "--mode")]
    [InlineData("--network cannot be 'perhaps'", "describe", "--network=perhaps")]
    [InlineData("no file other.cs", "configure", "-f", "other.cs")]
    [InlineData("no such folder", "configure", "-C", "nowhere")]
    [InlineData("'nonsense'", "query", "nonsense")]
    [InlineData("Required argument", "query")]
    [InlineData("'nonsense'", "nonsense")]
    [InlineData("'@file'", "build", "@file")]
    [InlineData("'--frob'", "clean", "--frob")]
    [InlineData("'--frob'", "depends", "--frob")]
    [InlineData("name a command")]
    public async Task A_wrong_command_line_ends_with_2_and_says_what_is_wrong(
        string part,
        params string[] arguments
    )
    {
        using UnikernelSandbox sandbox = new();
        sandbox.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(ExitCode.Usage, await sandbox.RunAsync(arguments));
        Assert.Contains(part, sandbox.Error, StringComparison.Ordinal);
        Assert.StartsWith("morgana: ", sandbox.Error, StringComparison.Ordinal);
        Assert.Empty(sandbox.Out);
        Assert.False(Directory.Exists(sandbox.Path("morgana")));
    }

    [Theory]
    [InlineData("configure")]
    [InlineData("depends")]
    [InlineData("build")]
    [InlineData("describe")]
    [InlineData("query", "name")]
    [InlineData("clean")]
    public async Task Outside_a_unikernel_each_command_ends_with_2(params string[] arguments)
    {
        using UnikernelSandbox sandbox = new();
        File.Delete(sandbox.Path("config.cs"));
        Assert.Equal(ExitCode.Usage, await sandbox.RunAsync(arguments));
        Assert.Contains("There is no config.cs in", sandbox.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spt_and_elf_have_command_lines_of_their_own()
    {
        using UnikernelSandbox sandbox = new();
        Assert.Equal(0, await sandbox.RunAsync("elf", "--help"));
        Assert.Contains("gen-manifest", sandbox.Out, StringComparison.Ordinal);
        Assert.Equal(1, await sandbox.RunAsync("elf", "--json"));
        Assert.Equal(1, await sandbox.RunAsync("spt", "--help"));
        Assert.Contains("--net-mac:NAME=HWADDR", sandbox.Error, StringComparison.Ordinal);
        Assert.Equal(1, await sandbox.RunAsync("spt", "--json"));
    }
}
