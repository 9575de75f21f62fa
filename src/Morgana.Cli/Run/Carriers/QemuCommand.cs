using System.Globalization;
using Morgana.Cli.Run.Images;
using Morgana.Elf;

namespace Morgana.Cli.Run.Carriers;

/// <summary>The command line of QEMU for an image of the target virtio, and what its exit code means. Pure.</summary>
internal static class QemuCommand
{
    /// <summary>Memory in MB when nothing is said: as much as the tenders give.</summary>
    public const int DefaultMemory = 512;

    /// <summary>The words, the program first. Devices are in the image's order: that is how it finds them.</summary>
    /// <param name="program">QEMU.</param>
    /// <param name="hardware">Use KVM.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="devices">The image's devices.</param>
    /// <param name="image">The image file.</param>
    /// <param name="made">The network device that <c>run</c> made and its TAP, or null.</param>
    /// <param name="newAddress">Makes the hardware address of a network device for which none is given.</param>
    /// <exception cref="RunException">Something was asked for that QEMU has not.</exception>
    public static IReadOnlyList<string> Build(
        string program,
        bool hardware,
        RunOptions options,
        IReadOnlyList<ManifestDevice> devices,
        string image,
        DeviceArgument? made,
        Func<string> newAddress
    )
    {
        int memory = options.MemoryMegabytes ?? DefaultMemory;
        List<string> words =
        [
            program,
            "-M",
            "q35",
            "-accel",
            hardware ? "kvm" : "tcg",
            "-cpu",
            hardware ? "host" : "max",
            "-m",
            memory.ToString(CultureInfo.InvariantCulture),
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
            "-no-reboot",
            "-serial",
            "stdio",
            "-device",
            "isa-debug-exit,iobase=0x501,iosize=0x01",
            "-device",
            "virtio-rng-pci",
        ];
        int number = 0;
        foreach (ManifestDevice device in devices)
        {
            words.AddRange(
                device.Type == DeviceType.NetBasic
                    ? Network(device.Name, number)
                    : Block(device.Name, number)
            );
            number++;
        }

        words.AddRange(["-kernel", image]);
        if (options.Arguments.Count > 0)
        {
            words.AddRange(["-append", string.Join(' ', options.Arguments)]);
        }

        return words;

        IReadOnlyList<string> Network(string name, int number)
        {
            string tap =
                Given(options.Networks, name)
                ?? (made?.Name == name ? made.Value : null)
                ?? throw new RunException($"--net:{name}: no TAP device is given.");
            string source = tap.StartsWith('@')
                ? $"fd={Escaped(tap[1..])}"
                : $"ifname={Escaped(tap)},script=no,downscript=no";
            string address = Given(options.HardwareAddresses, name) ?? newAddress();
            return
            [
                "-netdev",
                $"tap,id=net{number},{source}",
                "-device",
                // Without an option ROM, since nothing is booted from a network.
                $"virtio-net-pci,netdev=net{number},mac={Escaped(address)},romfile=",
            ];
        }

        IReadOnlyList<string> Block(string name, int number)
        {
            string file =
                Given(options.Blocks, name)
                ?? throw new RunException($"--block:{name}: no file is given.");
            // By its serial number the image finds it whatever the order; QEMU has 20 characters for it.
            string serial = name.Length <= 20 ? $",serial={name}" : "";
            string sector = Given(options.SectorSizes, name) is { } size
                ? $",logical_block_size={Escaped(size)},physical_block_size={Escaped(size)}"
                : "";
            return
            [
                "-drive",
                $"if=none,id=block{number},format=raw,file={Escaped(file)}",
                "-device",
                $"virtio-blk-pci,drive=block{number}{serial}{sector}",
            ];
        }
    }

    /// <summary>
    /// The image's exit code. It ends well by switching the machine off, with which QEMU's code is 0; any other is written to QEMU's
    /// debug exit device, which makes <c>2 * code + 1</c> of it: 7 bits. The bindings send 127 for 255, the code of every abnormal end.
    /// </summary>
    public static int ImageCode(int code) =>
        (code & 1) == 0 || code >= 256 ? code
        : code >> 1 == 127 ? 255
        : code >> 1;

    /// <summary>A random address of the kind that is nobody's (locally administered).</summary>
    public static string NewHardwareAddress(Random random)
    {
        byte[] bytes = new byte[6];
        random.NextBytes(bytes);
        bytes[0] = (byte)((bytes[0] & 0xfc) | 2);
        return string.Join(
            ':',
            bytes.Select(one => one.ToString("x2", CultureInfo.InvariantCulture))
        );
    }

    private static string? Given(IReadOnlyList<DeviceArgument> arguments, string name) =>
        arguments.LastOrDefault(argument => argument.Name == name)?.Value;

    /// <summary>A comma in a value of QEMU's options is written twice.</summary>
    private static string Escaped(string value) =>
        value.Replace(",", ",,", StringComparison.Ordinal);
}
