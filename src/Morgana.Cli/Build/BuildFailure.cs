namespace Morgana.Cli.Build;

/// <summary>The message of a program that does not build.</summary>
internal static class BuildFailure
{
    /// <summary>The error.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="errors">What is wrong, each with its place.</param>
    /// <param name="lines">What was printed, for when no error was found in it.</param>
    public static CommandException Of(
        string name,
        IReadOnlyList<string> errors,
        IReadOnlyList<string> lines
    ) =>
        new(
            ExitCode.Failed,
            $"{name} does not build:\n"
                + string.Join('\n', errors.Count > 0 ? errors : lines)
                + HintFor(errors)
        );

    /// <summary>Errors in generated code have their cause somewhere else.</summary>
    private static string HintFor(IReadOnlyList<string> errors) =>
        errors.Any(error => error.StartsWith("morgana/", StringComparison.Ordinal))
            ? "\nmorgana/ is generated from config.cs: a job's class name and devices there must match the class and its constructor."
            : "";
}
