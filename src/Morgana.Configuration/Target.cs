using System.Diagnostics.CodeAnalysis;

namespace Morgana.Configuration;

/// <summary>A kind of machine that an image can be made for.</summary>
[StandsFor("string")]
public sealed record Target
{
    private Target(string name, bool canBuild)
    {
        Name = name;
        CanBuild = canBuild;
    }

    /// <summary>The name on command lines and in file names: <c>spt</c> in <c>dist/hello.spt</c>.</summary>
    public string Name { get; }

    /// <summary>True when this version of Morgana builds images for it; the others are known so that config.cs can name them.</summary>
    public bool CanBuild { get; }

    /// <summary>A sandboxed process under a Solo5 spt tender.</summary>
    public static Target Spt { get; } = new("spt", canBuild: true);

    /// <summary>A virtual machine under a Solo5 hvt tender.</summary>
    public static Target Hvt { get; } = new("hvt", canBuild: false);

    /// <summary>A virtual machine with virtio devices.</summary>
    public static Target Virtio { get; } = new("virtio", canBuild: false);

    /// <summary>An ordinary program of the host.</summary>
    public static Target Unix { get; } = new("unix", canBuild: false);

    /// <summary>All targets, in the order in which they are shown.</summary>
    public static IReadOnlyList<Target> All { get; } = [Spt, Hvt, Virtio, Unix];

    /// <summary>Finds a target by its name.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out Target? target)
    {
        target = All.FirstOrDefault(t => t.Name == name);
        return target is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
