using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Morgana.Cli.Commands;

/// <summary>The help of System.CommandLine, then what only the tool knows.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        _ = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        // The codes of `run` are the image's own, and its help says so.
        if (parseResult.CommandResult.Command.Name != "run")
        {
            output.Write(ExitCode.Help);
        }

        return ExitCode.Done;
    }
}
