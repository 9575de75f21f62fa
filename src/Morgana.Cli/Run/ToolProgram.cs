namespace Morgana.Cli.Run;

/// <summary>How this program is started once more.</summary>
internal static class ToolProgram
{
    /// <summary>The words: the program itself, or <c>dotnet</c> and the assembly when it runs in that host.</summary>
    public static IReadOnlyList<string> Words
    {
        get
        {
            string program =
                Environment.ProcessPath
                ?? throw new RunException("The path of the morgana tool is not known.");
            return Path.GetFileNameWithoutExtension(program) == "dotnet"
                ? [program, Path.Combine(AppContext.BaseDirectory, "morgana.dll")]
                : [program];
        }
    }
}
