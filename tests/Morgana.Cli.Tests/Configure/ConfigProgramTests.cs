namespace Morgana.Cli.Tests;

/// <summary>These run config.cs for real: each run takes some seconds.</summary>
public sealed class ConfigProgramTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private void Write(string body) =>
        File.WriteAllText(
            _sandbox.Path("config.cs"),
            $"""
            #:project {UnikernelSandbox.Checkout}/src/Morgana.Configuration/Morgana.Configuration.csproj
            using Morgana.Configuration;
            using static Morgana.Configuration.Devices;
            {body}
            """
        );

    [Fact]
    public async Task Mistakes_are_compile_errors_with_their_place()
    {
        Write(
            """
            var job = Job<IUdp, IClock>("A.B");
            var flag = Key.Flag("flag", "A key.");
            var argument = BootArgument.Flag("argument", "A boot argument.");
            _ = job.Apply(DefaultNetwork(), DefaultClock);
            _ = job.Apply(GenericIpv4Stack(DefaultNetwork()));
            _ = GenericIpv4Stack(DefaultClock);
            _ = If(argument, DefaultClock, DefaultClock);
            _ = Match(Key.Target, [("spt", DefaultClock)], DefaultClock);
            return Project.Register("a", GenericIpv4Stack(DefaultNetwork()), args, keys: [flag, argument]);
            """
        );
        Assert.Equal(ExitCode.Failed, await _sandbox.RunAsync("configure"));
        string[] lines = _sandbox.Error.Split('\n');
        Assert.Equal("morgana: config.cs does not compile:", lines[0]);
        // The wrong device, too few devices, the wrong device of a device, a boot argument where a key must be,
        // a text where a target must be, a device that is no job, a boot argument among the keys.
        Assert.Contains(
            lines,
            l => l.StartsWith("config.cs(7,15): error CS1503:", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            l => l.StartsWith("config.cs(8,9): error CS7036:", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            l => l.StartsWith("config.cs(9,22): error CS1503:", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            l => l.StartsWith("config.cs(10,8): error CS1503:", StringComparison.Ordinal)
        );
        Assert.Contains(lines, l => l.StartsWith("config.cs(11,", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("config.cs(12,", StringComparison.Ordinal));
        Assert.All(
            lines[1..^1],
            l => Assert.Matches(@"^config\.cs\(\d+,\d+\): error CS\d{4}: ", l)
        );
        Assert.False(Directory.Exists(_sandbox.Path("morgana")));
    }

    [Fact]
    public async Task It_runs_once_for_all_keys_and_again_after_a_change()
    {
        const string Body = """
            Console.WriteLine("config.cs runs");
            var log = If(Key.Flag("loud", "Be loud."), ConsoleLogging("*:trace"), Logging);
            return Project.Register("app", Job<ILog>("A.B").Apply(log), args);
            """;
        Write(Body);
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Equal("config.cs runs\n", _sandbox.Error);
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--loud"));
        Assert.Equal("", _sandbox.Error);
        Assert.Contains("*:trace", _sandbox.Read("morgana/Main.cs"), StringComparison.Ordinal);
        Assert.Equal(0, await _sandbox.RunAsync("describe"));
        Assert.Equal("", _sandbox.Error);

        // A mistake that only running finds has its line, too.
        Write(Body.Replace("\"app\"", "\"No Name\"", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Failed, await _sandbox.RunAsync("configure"));
        Assert.StartsWith(
            "morgana: config.cs(6): error: 'No Name' cannot be the name of a unikernel",
            _sandbox.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync("build"));
    }

    [Fact]
    public async Task A_config_that_registers_nothing_is_told()
    {
        Write("return 0;");
        Assert.Equal(ExitCode.Failed, await _sandbox.RunAsync("configure"));
        Assert.Contains("registered nothing", _sandbox.Error, StringComparison.Ordinal);
    }
}
