namespace Morgana.Cli.Commands;

/// <summary><c>morgana spt</c>: gives way to the tender.</summary>
internal static class BareTender
{
    /// <summary>Runs the tender on its own command line.</summary>
    public static int Run(string[] args) =>
        throw new CommandException(ExitCode.Missing, "The tender is not part of this version.");
}
