using System.CommandLine;
using Morgana.Cli.Run.Carriers;
using Morgana.Cli.Run.Reporting;
using Morgana.Configuration;

namespace Morgana.Cli.Run;

/// <summary><c>morgana run</c>.</summary>
internal static class RunCommand
{
    /// <summary>
    /// Exit code when the run itself is refused, as container tools have it: every other code is the image's.
    /// </summary>
    public const int Refused = 125;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        RunCommandLine line = new();
        line.Command.SetAction((parsed, _) => RunAsync(line, parsed));
        return line.Command;
    }

    private static async Task<int> RunAsync(RunCommandLine line, ParseResult parsed)
    {
        try
        {
            RunOptions options = line.Read(parsed);
            IRunReporter reporter = options.Json
                ? new JsonReporter(Console.Error)
                : new TextReporter(Console.Error);
            RunTarget target = RunTarget.Find(options, Environment.CurrentDirectory);
            ICarrier? carrier = target.Target.Run.Method switch
            {
                _ when options.Debug => null,
                RunMethod.Tender => new TenderCarrier(
                    options,
                    target.Target,
                    AppContext.BaseDirectory,
                    KvmChoice.Measure
                ),
                RunMethod.Machine => new QemuCarrier(options, KvmChoice.Measure),
                _ => null,
            };
            return await (
                carrier is not null
                    ? new RunSession(
                        options,
                        carrier,
                        target.Image,
                        RunCommandLine.Words(parsed),
                        reporter
                    ).RunAsync()
                    : new ProcessSession(options, target, reporter).RunAsync()
            ).ConfigureAwait(false);
        }
        catch (RunException refusal)
        {
            await Console
                .Error.WriteLineAsync($"morgana run: {refusal.Message}")
                .ConfigureAwait(false);
            return Refused;
        }
    }
}
