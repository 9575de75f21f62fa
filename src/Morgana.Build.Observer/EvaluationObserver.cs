using Microsoft.Build.Framework;

namespace Morgana.Build.Observer;

/// <summary>
/// An MSBuild logger that writes down what decided about a build: the projects, all files that they import, and which tasks ran from which file. A line each: <c>project
/// PATH</c>, <c>import PATH</c>, <c>task NAME PATH</c>; the last line is <c>end</c>.
/// </summary>
public sealed class EvaluationObserver : ILogger
{
    private readonly SortedSet<string> lines = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Imports are told at this one.</summary>
    public LoggerVerbosity Verbosity { get; set; } = LoggerVerbosity.Detailed;

    /// <summary>Full path of the file to write.</summary>
    public string? Parameters { get; set; }

    /// <inheritdoc/>
    public void Initialize(IEventSource eventSource)
    {
        ArgumentNullException.ThrowIfNull(eventSource);
        eventSource.ProjectStarted += (_, e) => Add("project", e.ProjectFile);
        eventSource.TaskStarted += (_, e) => Add("task " + e.TaskName, e.TaskFile);
        eventSource.StatusEventRaised += (_, e) =>
        {
            if (e is ProjectEvaluationStartedEventArgs evaluation)
            {
                Add("project", evaluation.ProjectFile);
            }
        };
        eventSource.MessageRaised += (_, e) =>
        {
            if (e is ProjectImportedEventArgs { ImportedProjectFile: { Length: > 0 } file })
            {
                Add("import", file);
            }
        };
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        if (Parameters is { Length: > 0 } path)
        {
            File.WriteAllLines(path, [.. lines, "end"]);
        }
    }

    private void Add(string kind, string? path)
    {
        if (!string.IsNullOrEmpty(path))
        {
            lock (gate)
            {
                _ = lines.Add($"{kind} {path}");
            }
        }
    }
}
