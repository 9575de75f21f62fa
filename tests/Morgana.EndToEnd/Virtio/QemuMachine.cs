using System.Globalization;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Virtio;

/// <summary>
/// A virtual machine in QEMU's software emulation, with the command line of docs/virtio.md. It never takes the host's KVM: a file
/// /dev/kvm says nothing about whether it works.
/// </summary>
internal sealed class QemuMachine
{
    private readonly List<string> devices = [];
    private int count;

    /// <summary>The image that QEMU loads itself; null for a machine that boots from its disk.</summary>
    public string? Kernel { get; init; }

    /// <summary>The image's command line.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>The machine's type.</summary>
    public string Type { get; init; } = "q35";

    /// <summary>Memory in MB.</summary>
    public int Memory { get; init; } = Unikernel.Memory;

    /// <summary>Attaches a network device to a TAP of the namespace that the machine is started in.</summary>
    /// <param name="tap">The TAP's name.</param>
    /// <param name="options">Options of the device, as in <c>disable-modern=on</c>.</param>
    public void AddTap(string tap, string options = "") =>
        AddNetwork($"tap,ifname={tap},script=no,downscript=no", options);

    /// <summary>Attaches a network device to QEMU's own network.</summary>
    /// <param name="backend">What stands behind it, for <c>-netdev</c>, without its id.</param>
    /// <param name="options">Options of the device.</param>
    public void AddNetwork(string backend, string options = "")
    {
        string id = Id("n");
        devices.AddRange([
            "-netdev",
            $"{backend},id={id}",
            "-device",
            $"virtio-net-pci,netdev={id}{Following(options)}",
        ]);
    }

    /// <summary>Attaches a disk.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="options">Options of the device.</param>
    /// <param name="drive">Options of the drive.</param>
    public void AddDisk(string path, string options = "", string drive = "format=raw")
    {
        string id = Id("d");
        devices.AddRange([
            "-drive",
            $"if=none,id={id},file={path}{Following(drive)}",
            "-device",
            $"virtio-blk-pci,drive={id}{Following(options)}",
        ]);
    }

    /// <summary>Adds words to QEMU's command line.</summary>
    public void Add(params string[] words) => devices.AddRange(words);

    /// <summary>Runs the machine to its end; the code is the image's own.</summary>
    /// <param name="space">The namespace to run it in; null for that of the test.</param>
    public async Task<ProcessResult> RunAsync(NetworkNamespace? space = null)
    {
        await using RunningProcess process = Start(space);
        int code = await process.ExitAsync(TimeSpan.FromMinutes(2));
        return new ProcessResult(ImageCode(code), process.Output, process.Errors);
    }

    /// <summary>Starts the machine.</summary>
    /// <param name="space">The namespace to run it in; null for that of the test.</param>
    public RunningProcess Start(NetworkNamespace? space = null)
    {
        string qemu = Tool.Find("qemu-system-x86_64", "qemu-system-x86");
        string[] words =
        [
            "-M",
            Type,
            "-accel",
            "tcg",
            "-cpu",
            "max",
            "-m",
            Memory.ToString(CultureInfo.InvariantCulture),
            "-nodefaults",
            "-display",
            "none",
            "-no-reboot",
            "-serial",
            "stdio",
            "-device",
            "isa-debug-exit,iobase=0x501,iosize=2",
            .. devices,
            .. Kernel is null ? [] : (string[])["-kernel", Kernel, "-append", Arguments],
        ];
        return space is null ? RunningProcess.Start(qemu, words) : space.Start(qemu, words);
    }

    /// <summary>What QEMU's exit code says about the image's (docs/virtio.md).</summary>
    internal static int ImageCode(int code) =>
        code == 255 ? 255
        : (code & 1) != 0 ? code >> 1
        : code;

    private string Id(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{count++}");

    private static string Following(string options) => options.Length == 0 ? "" : "," + options;
}
