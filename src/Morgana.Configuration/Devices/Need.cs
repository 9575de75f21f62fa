using System.Text.Json.Serialization;

namespace Morgana.Configuration;

/// <summary>What a device needs of the build and of the generated program: made by <see cref="Devices.Library"/>, <see cref="Devices.Package"/>,
/// <see cref="Devices.ProjectFile"/>, <see cref="Devices.NetworkSlot"/>, <see cref="Devices.BlockSlot"/>, <see cref="Devices.StartedBy"/>, <see cref="Devices.DriverSlot"/> and <see cref="Devices.ChecksArguments"/>.</summary>
public sealed record Need
{
    /// <summary>Which sort of thing is needed.</summary>
    [JsonInclude]
    internal NeedKind Kind { get; init; }

    /// <summary>Name of the library, the package, the manifest device or the method; path of the project.</summary>
    [JsonInclude]
    internal string Name { get; init; } = "";

    /// <summary>Version of the package; null for what has none.</summary>
    [JsonInclude]
    internal string? Version { get; init; }
}
