using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Run.Reporting;

/// <summary>Says on standard error what a run does; standard output belongs to the image.</summary>
internal interface IRunReporter
{
    /// <summary>The tender command, as a shell would take it (<c>-x</c>).</summary>
    void Command(IReadOnlyList<string> command);

    /// <summary>A port is published and carries packets from now on.</summary>
    void Published(PublishedPort port, string unikernel);

    /// <summary>The tender runs.</summary>
    void Started(StartedRun run);

    /// <summary>The image ended.</summary>
    void Exited(int code, bool stopped, TimeSpan after);

    /// <summary>Something the user should know that does not stop the run.</summary>
    void Note(string text);
}

/// <summary>What a run looks like once the tender was started.</summary>
/// <param name="Image">The image file.</param>
/// <param name="Process">The tender's process id, as seen where <c>morgana</c> was called.</param>
/// <param name="Network">The private network, or null when the image has none of <c>run</c>'s making.</param>
/// <param name="ReachableFromHost">Whether this machine has a route to the unikernel.</param>
/// <param name="Enter">The command prefix that runs a program inside the private network.</param>
/// <param name="Ports">The published ports.</param>
internal sealed record StartedRun(
    string Image,
    int Process,
    NetworkPlan? Network,
    bool ReachableFromHost,
    string Enter,
    IReadOnlyList<PublishedPort> Ports
);
