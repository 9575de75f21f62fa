using System.CommandLine;
using Morgana.Cli.Run;
using Morgana.Configuration;

namespace Morgana.Cli.Tests.Run;

public class ProcessCommandTests
{
    [Fact]
    public void Devices_come_first_and_nothing_of_the_programs_own_is_taken_for_one() =>
        Assert.Equal(
            [
                "./image",
                "--mem=64",
                "--net:service=tap0",
                "--net-mac:service=02:00:00:00:00:01",
                "--block:disk=a.img",
                "--port:53=5353",
                "--",
                "--net:x=y",
            ],
            ProcessCommand.Direct(
                ["./image"],
                Options(
                    "--mem=64 --net:service=tap0 --net-mac service=02:00:00:00:00:01 --block disk=a.img -p 5353:53/udp -- --net:x=y"
                )
            )
        );

    [Fact]
    public void Without_arguments_there_is_nothing_but_the_program() =>
        Assert.Equal(["./image"], ProcessCommand.Direct(["./image"], Options("")));

    [Theory]
    [InlineData("-p 5353:53/tcp", "-p 5353:53/udp")]
    [InlineData("-p 0:53/udp", "name the port")]
    [InlineData("-p 127.0.0.1:5353:53/udp", "--ipv4=127.0.0.1/32")]
    [InlineData("--internet", "ordinary process")]
    [InlineData("--isolated", "ordinary process")]
    [InlineData("--tender x", "ordinary process")]
    public void What_an_ordinary_process_has_not_is_refused_with_what_to_do(
        string line,
        string part
    ) =>
        Assert.Contains(
            part,
            Assert
                .Throws<RunException>(() => ProcessCommand.Direct(["image"], Options(line)))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_target_with_a_command_of_its_own_is_run_with_it()
    {
        var run = TargetRun.Command("python3", "tender.py", "{image}", "--", "{arguments}");
        Assert.Equal(
            ["python3", "tender.py", "dist/a.pipe", "--", "one", "two words"],
            ProcessCommand.Own(
                run,
                "dist/a.pipe",
                new RunOptions { Arguments = ["one", "two words"] }
            )
        );
        Assert.Contains(
            "after --",
            Assert
                .Throws<RunException>(() =>
                    ProcessCommand.Own(run, "dist/a.pipe", Options("--mem=64"))
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private static RunOptions Options(string line)
    {
        RunCommandLine command = new();
        ParseResult parsed = command.Command.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Empty(parsed.Errors);
        return command.Read(parsed);
    }
}
