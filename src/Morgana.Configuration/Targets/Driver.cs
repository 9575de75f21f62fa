namespace Morgana.Configuration;

/// <summary>Another way to make a device, on one target.</summary>
public sealed record Driver
{
    /// <summary>
    /// Which device: <c>network</c>, <c>ipv4-stack</c>, <c>console</c>, <c>clock</c>, <c>random</c>, or what a definition of your own
    /// says with <see cref="Devices.DriverSlot"/>.
    /// </summary>
    public required string Device { get; init; }

    /// <summary>
    /// The C# expression in place of the device's own, with the same inputs: <c>{0}</c> is the first. <c>{name}</c> is the
    /// device's name in the manifest, as a C# string. An input that it does not mention is not made for it.
    /// </summary>
    public required string Expression { get; init; }

    /// <summary>Libraries, packages and projects that the expression is in.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>True when boot arguments that the device requires elsewhere may be left out on this target: they then have the default value of their type.</summary>
    public bool ArgumentsAreOptional { get; init; }
}
