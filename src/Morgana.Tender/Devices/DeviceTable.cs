using Morgana.Elf;
using Morgana.Tender.CommandLine;

namespace Morgana.Tender.Devices;

/// <summary>Brings the manifest's devices and the command line's together.</summary>
internal static class DeviceTable
{
    /// <summary>Attaches every device of the manifest.</summary>
    /// <param name="manifest">What the image declares.</param>
    /// <param name="options">What the command line gives.</param>
    /// <param name="image">What messages call the image.</param>
    /// <exception cref="TenderException">A device is missing, or given twice, or not declared, or cannot be used.</exception>
    public static AttachedDevice[] Attach(
        Manifest manifest,
        List<DeviceOption> options,
        string image
    )
    {
        // All that needs no device opened comes first.
        for (int i = 0; i < options.Count; i++)
        {
            DeviceOption option = options[i];
            RequireDeclared(manifest, option, image);
            for (int k = 0; k < i; k++)
            {
                if (options[k].Kind == option.Kind && options[k].Name == option.Name)
                {
                    throw new TenderException($"{Text(option)} is given twice; give it once");
                }
            }
        }

        RequireAll(manifest, options, image);
        foreach (DeviceOption option in options)
        {
            if (option.Kind == DeviceOptionKind.Net && option.Value[0] == '@')
            {
                NetworkDevice.CheckInherited(option.Name, option.Value);
            }
        }

        var devices = new AttachedDevice[manifest.Devices.Count];
        for (int i = 0; i < devices.Length; i++)
        {
            string name = manifest.Devices[i].Name;
            devices[i] =
                manifest.Devices[i].Type == DeviceType.NetBasic
                    ? NetworkDevice.Attach(
                        name,
                        i + 1,
                        Find(options, DeviceOptionKind.Net, name)!,
                        Find(options, DeviceOptionKind.NetMac, name)
                    )
                    : BlockDevice.Attach(
                        name,
                        i + 1,
                        Find(options, DeviceOptionKind.Block, name)!,
                        Find(options, DeviceOptionKind.BlockSectorSize, name)
                    );
        }

        return devices;
    }

    private static void RequireDeclared(Manifest manifest, DeviceOption option, string image)
    {
        DeviceType type = option.Kind is DeviceOptionKind.Net or DeviceOptionKind.NetMac
            ? DeviceType.NetBasic
            : DeviceType.BlockBasic;
        foreach (ManifestDevice device in manifest.Devices)
        {
            if (device.Type == type && device.Name == option.Name)
            {
                return;
            }
        }

        string declared =
            manifest.Devices.Count == 0
                ? "no devices"
                : string.Join(
                    ", ",
                    manifest.Devices.Select(device => $"'{device.Name}' of type {device.TypeName}")
                );
        throw new TenderException(
            $"{Text(option)}: Resource not declared in manifest: '{option.Name}'; {image} declares {declared}"
        );
    }

    private static void RequireAll(Manifest manifest, List<DeviceOption> options, string image)
    {
        string missing = "";
        foreach (ManifestDevice device in manifest.Devices)
        {
            bool network = device.Type == DeviceType.NetBasic;
            if (
                Find(options, network ? DeviceOptionKind.Net : DeviceOptionKind.Block, device.Name)
                is null
            )
            {
                missing +=
                    $"Device '{device.Name}' of type {device.TypeName} declared but not attached: ";
                missing += network
                    ? $"give --net:{device.Name}=TAP or --net:{device.Name}=@FD\n"
                    : $"give --block:{device.Name}=PATH\n";
            }
        }

        if (missing.Length != 0)
        {
            throw new TenderException(
                $"{image}: {missing}All declared devices must be attached. See --help for syntax."
            );
        }
    }

    private static string? Find(List<DeviceOption> options, DeviceOptionKind kind, string name)
    {
        foreach (DeviceOption option in options)
        {
            if (option.Kind == kind && option.Name == name)
            {
                return option.Value;
            }
        }

        return null;
    }

    private static string Text(DeviceOption option) =>
        option.Kind switch
        {
            DeviceOptionKind.Net => $"--net:{option.Name}",
            DeviceOptionKind.NetMac => $"--net-mac:{option.Name}",
            DeviceOptionKind.Block => $"--block:{option.Name}",
            _ => $"--block-sector-size:{option.Name}",
        };
}
