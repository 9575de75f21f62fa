using System.Diagnostics.CodeAnalysis;
using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>
/// A kind of machine that images are made for: everything that the tool knows about it, as one value. It is data and no
/// class to derive from, because it is made in config.cs and used where config.cs does not run: configure saves it, build and run
/// read it. The built-in ones are defined in the same way (<see cref="BuiltIn"/>); <see cref="Project.AddTarget"/> adds one.
/// </summary>
[StandsFor("string")]
public sealed record Target
{
    private readonly string _name = "";
    private readonly string _extension = "";

    /// <summary>
    /// The name on command lines and of its contexts (<c>spt-x64</c>), and what <c>Machine.Target</c> says in its images:
    /// the bindings must give the same. Lower-case letters, digits and single hyphens.
    /// </summary>
    public required string Name
    {
        get => _name;
        init
        {
            NameRules.CheckOption(value, "target");
            _name = value;
        }
    }

    /// <summary>What it is, for lists of targets.</summary>
    public string Description { get; init; } = "";

    /// <summary>The extension of its images without the dot, as in <c>dist/hello.spt</c>; empty for none.</summary>
    public string Extension
    {
        get => _extension;
        init
        {
            if (value.Length > 0)
            {
                NameRules.CheckOption(value, "extension");
            }

            _extension = value;
        }
    }

    /// <summary>The architectures that it has bindings for, as .NET calls them.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = ["x64", "arm64"];

    /// <summary>Libraries, packages and projects that its drivers are in.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>
    /// The folder with the C sources of its bindings and their linker script <c>image.lds</c>, from the folder of config.cs;
    /// null for a target whose bindings the toolchain brings under its name.
    /// </summary>
    public string? Bindings { get; init; }

    /// <summary>Programs that make the image out of what the linker made, in order.</summary>
    public IReadOnlyList<ImageStep> ImageSteps { get; init; } = [];

    /// <summary>Devices that are made in another way on this target.</summary>
    public IReadOnlyList<Driver> Drivers { get; init; } = [];

    /// <summary>What <c>morgana run</c> does with an image.</summary>
    public TargetRun Run { get; init; } = TargetRun.Process;

    /// <summary>True when the program of the default context, ordinary .NET, is this target too: it can be debugged.</summary>
    public bool RunsOnDotnet { get; init; }

    /// <summary>True for a target that has a name and no bindings yet: config.cs can speak of it, nothing is built for it.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>A sandboxed process under a Solo5 spt tender.</summary>
    public static Target Spt { get; } =
        new()
        {
            Name = "spt",
            Description = "a sandboxed process under a Solo5 spt tender",
            Extension = "spt",
            Run = TargetRun.Tender,
        };

    /// <summary>A virtual machine under a Solo5 hvt tender.</summary>
    public static Target Hvt { get; } =
        new()
        {
            Name = "hvt",
            Description = "a virtual machine under a Solo5 hvt tender",
            Extension = "hvt",
            Run = TargetRun.Tender,
        };

    /// <summary>A virtual machine with virtio devices.</summary>
    public static Target Virtio { get; } =
        new()
        {
            Name = "virtio",
            Description = "a virtual machine with virtio devices",
            Extension = "virtio",
            Architectures = ["x64"],
            Run = TargetRun.Machine,
        };

    /// <summary>An ordinary program of Linux, on the host's sockets or a TAP device.</summary>
    public static Target Unix { get; } =
        new()
        {
            Name = "unix",
            Description = "an ordinary Linux program on the host's sockets or a TAP device",
            RunsOnDotnet = true,
            Drivers =
            [
                // On the host's sockets as long as no device is given: then nothing need be said about addresses.
                new Driver
                {
                    Device = "ipv4-stack",
                    Expression =
                        "global::Morgana.Net.HostStack.Open(machine, {0}, {1}, {2}, {3}, {4}, {5}.CreateLogger(\"net\"))",
                    ArgumentsAreOptional = true,
                },
            ],
        };

    /// <summary>The targets that need no registration, in the order in which they are shown.</summary>
    public static IReadOnlyList<Target> BuiltIn { get; } = [Spt, Hvt, Virtio, Unix];

    /// <summary>Finds one of the built-in targets by its name.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out Target? target)
    {
        target = BuiltIn.FirstOrDefault(t => t.Name == name);
        return target is not null;
    }

    /// <summary>Two targets of one name are the same: no workspace has both.</summary>
    public bool Equals(Target? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The file name of an image in dist/.</summary>
    /// <param name="unikernel">Name of the unikernel.</param>
    /// <param name="architecture">What it is for.</param>
    /// <param name="architectures">All that it is built for: as long as that is the usual one alone, names do not tell it.</param>
    internal string ImageName(
        string unikernel,
        string architecture,
        IReadOnlyList<string> architectures
    )
    {
        // A program without extension is called as programs are, at least that of the first architecture.
        bool plain =
            Extension.Length == 0
                ? architecture == (architectures.Contains("x64") ? "x64" : architectures[0])
                : architectures is ["x64"];
        string name = plain ? unikernel : $"{unikernel}.{architecture}";
        return Extension.Length == 0 ? name : $"{name}.{Extension}";
    }

    /// <summary>Those of these architectures that it has bindings for.</summary>
    internal IReadOnlyList<string> ArchitecturesAmong(IReadOnlyList<string> architectures) =>
        [.. architectures.Where(Architectures.Contains)];

    /// <summary>How this target makes a device, if in another way than others do.</summary>
    internal Driver? DriverOf(DeviceNode device) =>
        device.Needs.FirstOrDefault(need => need.Kind == NeedKind.Driver) is { } slot
            ? Drivers.FirstOrDefault(driver => driver.Device == slot.Name)
            : null;
}
