using Morgana.Cli.Run.Images;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Run;

/// <summary>What the command line of <c>morgana run</c> asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>The image file, or null to take the only one in <c>dist/</c>.</summary>
    public string? Image { get; init; }

    /// <summary>The target's name, or null for the first that the folder is configured for.</summary>
    public string? Target { get; init; }

    /// <summary>Run the program as ordinary .NET, for a debugger.</summary>
    public bool Debug { get; init; }

    /// <summary>Memory in MB, or null for the tender's default.</summary>
    public int? MemoryMegabytes { get; init; }

    /// <summary>The tender program, or null to find it.</summary>
    public string? Tender { get; init; }

    /// <summary>Network devices that are given.</summary>
    public IReadOnlyList<DeviceArgument> Networks { get; init; } = [];

    /// <summary>Hardware addresses that are given.</summary>
    public IReadOnlyList<DeviceArgument> HardwareAddresses { get; init; } = [];

    /// <summary>Disks that are given.</summary>
    public IReadOnlyList<DeviceArgument> Blocks { get; init; } = [];

    /// <summary>Sector sizes of disks.</summary>
    public IReadOnlyList<DeviceArgument> SectorSizes { get; init; } = [];

    /// <summary>Published ports.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Whether the unikernel may send UDP to the outside.</summary>
    public bool Internet { get; init; }

    /// <summary>Whether the host gets no route to the unikernel.</summary>
    public bool Isolated { get; init; }

    /// <summary>Report as JSON lines.</summary>
    public bool Json { get; init; }

    /// <summary>Print the tender command.</summary>
    public bool ShowCommand { get; init; }

    /// <summary>Descriptor of the channel to the process outside, or null when this process is not inside.</summary>
    public int? InsideChannel { get; init; }

    /// <summary>The image's own arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
