namespace Morgana.Build.Execution;

/// <summary>Finds programs as the system does when it starts them.</summary>
public static class ProgramPath
{
    /// <summary>The full path of a program; null when it is not there.</summary>
    /// <param name="program">A path, or a name to look for on PATH.</param>
    public static string? Find(string program)
    {
        ArgumentNullException.ThrowIfNull(program);
        string[] names = OperatingSystem.IsWindows()
            ? [program, program + ".exe", program + ".cmd"]
            : [program];
        if (program.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            return names.FirstOrDefault(File.Exists);
        }

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        return folders
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
