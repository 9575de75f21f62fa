namespace Morgana.Rig.Guest;

/// <summary>How QEMU is called for an architecture.</summary>
internal static class Emulator
{
    /// <summary>The unikernels' and the agent's network, as QEMU's user network lays it out.</summary>
    public const string Network = "10.0.0.0/24";

    /// <summary>The host's side in it: the unikernel's gateway, and the sender of what is forwarded.</summary>
    public const string Host = "10.0.0.1";

    /// <summary>The agent's address, as <c>Linux/init.sh</c> sets it.</summary>
    public const string Agent = "10.0.0.100";

    /// <summary>The agent's port.</summary>
    public const int AgentPort = 7000;

    /// <summary>The name of the user network in QEMU.</summary>
    public const string NetworkName = "n0";

    /// <summary>The program's name.</summary>
    public static string Program(RigArchitecture architecture) =>
        architecture == RigArchitecture.X64 ? "qemu-system-x86_64" : "qemu-system-aarch64";

    /// <summary>The Debian package with the program.</summary>
    public static string Package(RigArchitecture architecture) =>
        architecture == RigArchitecture.X64 ? "qemu-system-x86" : "qemu-system-arm";

    /// <summary>Its arguments.</summary>
    /// <param name="architecture">The machine.</param>
    /// <param name="kernel">The kernel's file.</param>
    /// <param name="initramfs">The first file system's file.</param>
    /// <param name="monitor">The Unix socket to make for the machine protocol.</param>
    public static IReadOnlyList<string> Arguments(
        RigArchitecture architecture,
        string kernel,
        string initramfs,
        string monitor
    )
    {
        // Always the software emulator, wherever this runs: a test must not depend on what the host's /dev/kvm can do. One
        // processor, because QEMU's threaded emulation of several now and then hangs in nested guests.
        string[] machine =
            architecture == RigArchitecture.X64
                ? ["-M", "q35", "-cpu", "qemu64,+svm"]
                : ["-M", "virt,virtualization=on,gic-version=3", "-cpu", "neoverse-n1"];
        string console = architecture == RigArchitecture.X64 ? "ttyS0" : "ttyAMA0";
        return
        [
            .. machine,
            "-accel",
            "tcg",
            "-smp",
            "1",
            "-m",
            "1024",
            "-nodefaults",
            "-display",
            "none",
            "-no-reboot",
            "-serial",
            "stdio",
            "-qmp",
            $"unix:{monitor},server=on,wait=off",
            "-netdev",
            $"user,id={NetworkName},net={Network},host={Host},dns=10.0.0.253,dhcpstart=10.0.0.200",
            "-device",
            $"virtio-net-pci,netdev={NetworkName},mac=52:54:00:00:01:00,romfile=",
            "-kernel",
            kernel,
            "-initrd",
            initramfs,
            "-append",
            $"console={console} panic=-1 quiet cryptomgr.notests",
        ];
    }
}
