namespace Morgana.Elf;

/// <summary>The devices that an image declares, in the order of their handles: the first has handle 1.</summary>
/// <param name="devices">0 to 63 devices.</param>
public sealed class Manifest(IReadOnlyList<ManifestDevice> devices)
{
    /// <summary>Most devices that an image can declare. Entry 0 of the 64 is reserved.</summary>
    public const int MostDevices = 63;

    /// <summary>The version of the format, in <c>manifest.json</c> and in the note.</summary>
    public const int Version = 1;

    /// <summary>The devices.</summary>
    public IReadOnlyList<ManifestDevice> Devices { get; } = devices;
}
