namespace Morgana.Elf;

/// <summary>A device that an image declares.</summary>
/// <param name="Name">1 to 67 ASCII letters and digits; no two devices of one kind have the same name.</param>
/// <param name="Type">Its kind.</param>
public sealed record ManifestDevice(string Name, DeviceType Type)
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = 67;

    /// <summary>The kind as manifests and tools write it: "NET_BASIC", "BLOCK_BASIC".</summary>
    public string TypeName => NameOf(Type);

    internal static string NameOf(DeviceType type) =>
        type == DeviceType.BlockBasic ? "BLOCK_BASIC" : "NET_BASIC";

    internal static DeviceType? TypeOf(string? name) =>
        name switch
        {
            "BLOCK_BASIC" => DeviceType.BlockBasic,
            "NET_BASIC" => DeviceType.NetBasic,
            _ => null,
        };
}
