using Morgana.Elf;

namespace Morgana.Cli.Run.Images;

/// <summary>
/// Which of an image's devices the user gave and which one <c>run</c> has to make. Pure: devices and arguments in,
/// plan or refusal out.
/// </summary>
internal sealed record DevicePlan
{
    private DevicePlan() { }

    /// <summary>The network device that <c>run</c> makes a TAP for, or null when there is none left to make.</summary>
    public string? Automatic { get; private init; }

    /// <summary>Checks the arguments against the manifest.</summary>
    /// <exception cref="RunException">A device is unknown, given twice, of the other kind, or missing.</exception>
    public static DevicePlan Make(
        IReadOnlyList<ManifestDevice> devices,
        IReadOnlyList<DeviceArgument> networks,
        IReadOnlyList<DeviceArgument> blocks
    )
    {
        Check(devices, networks, DeviceType.NetBasic);
        Check(devices, blocks, DeviceType.BlockBasic);
        List<string> openNetworks = [];
        foreach (ManifestDevice device in devices)
        {
            if (
                device.Type == DeviceType.BlockBasic
                && !blocks.Any(given => given.Name == device.Name)
            )
            {
                throw new RunException(
                    $"The image needs the disk '{device.Name}'. Give it with --block:{device.Name}=FILE."
                );
            }

            if (
                device.Type == DeviceType.NetBasic
                && !networks.Any(given => given.Name == device.Name)
            )
            {
                openNetworks.Add(device.Name);
            }
        }

        if (openNetworks.Count > 1)
        {
            throw new RunException(
                $"The image has {openNetworks.Count} network devices that are not given: "
                    + $"{string.Join(", ", openNetworks)}. 'run' sets one up by itself; give the others with --net:NAME=TAP."
            );
        }

        return new DevicePlan { Automatic = openNetworks.Count == 1 ? openNetworks[0] : null };
    }

    private static void Check(
        IReadOnlyList<ManifestDevice> devices,
        IReadOnlyList<DeviceArgument> given,
        DeviceType type
    )
    {
        string option = type == DeviceType.NetBasic ? "net" : "block";
        string[] known =
        [
            .. devices.Where(device => device.Type == type).Select(device => device.Name),
        ];
        HashSet<string> seen = [];
        foreach (DeviceArgument argument in given)
        {
            if (!known.Contains(argument.Name))
            {
                throw new RunException(
                    $"--{option}:{argument} names a device that the image does not have. "
                        + (
                            known.Length == 0
                                ? $"It has no {option} device."
                                : $"Its {option} devices: {string.Join(", ", known)}."
                        )
                );
            }

            if (!seen.Add(argument.Name))
            {
                throw new RunException($"--{option}:{argument.Name} is given twice. Give it once.");
            }
        }
    }
}
