namespace Morgana.Tender.CommandLine;

/// <summary>A device option of the command line.</summary>
/// <param name="Kind">Which option.</param>
/// <param name="Name">The device's name in the manifest.</param>
/// <param name="Value">What follows the equals sign.</param>
internal readonly record struct DeviceOption(DeviceOptionKind Kind, string Name, string Value);
