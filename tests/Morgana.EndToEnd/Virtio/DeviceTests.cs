using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Properties;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Virtio;

/// <summary>Devices in every shape that QEMU gives them: of virtio 1, of before, with and without interrupts.</summary>
public sealed class DeviceTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = TemporaryFolder.Create("virtio-devices");
    private NetworkNamespace? space;

    /// <summary>What devices are made like.</summary>
    public static TheoryData<string> Shapes =>
        [
            "",
            "disable-modern=on,disable-legacy=off",
            "disable-legacy=on,disable-modern=off",
            "vectors=0",
            "disable-modern=on,disable-legacy=off,vectors=0",
            "any_layout=off,disable-modern=on,disable-legacy=off",
            "packed=on",
            "event_idx=off,indirect_desc=off",
        ];

    public async ValueTask InitializeAsync()
    {
        space = await NetworkNamespace.CreateAsync();
        await space.AddTapAsync("tap0", "10.0.0.1/24");
    }

    public async ValueTask DisposeAsync()
    {
        if (space is not null)
        {
            await space.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task The_network(string shape)
    {
        QemuMachine machine = Machine("network", "reply");
        machine.AddTap("tap0", shape);
        await ShowsAsync(machine, "network", "reply");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Disks(string shape)
    {
        QemuMachine machine = Machine("block", "read-write");
        machine.AddDisk(Disk("disk"), shape);
        await ShowsAsync(machine, "block", "read-write");
    }

    [Theory]
    [InlineData("rx_queue_size=1024,disable-legacy=on,disable-modern=off")]
    [InlineData("rx_queue_size=1024,disable-modern=on,disable-legacy=off")]
    [InlineData("mrg_rxbuf=off,csum=off,guest_csum=off,gso=off")]
    public async Task The_network_with_other_queues(string shape)
    {
        QemuMachine machine = Machine("network", "reply");
        machine.AddTap("tap0", shape);
        await ShowsAsync(machine, "network", "reply");
    }

    /// <summary>Registers in memory, as on Firecracker; QEMU names such devices on the command line when there is no ACPI.</summary>
    [Theory]
    [InlineData("force-legacy=true")]
    [InlineData("force-legacy=false")]
    public async Task Without_a_bus(string version)
    {
        QemuMachine machine = new()
        {
            Type = "microvm,acpi=off",
            Kernel = VirtioImage.WithoutMultiboot(VirtioImage.Program("block"), folder),
            Arguments = "--program=read-write",
        };
        machine.Add(
            "-global",
            $"virtio-mmio.{version}",
            "-drive",
            $"if=none,id=d,format=raw,file={Disk("disk")}",
            "-device",
            "virtio-blk-device,drive=d"
        );
        await ShowsAsync(machine, "block", "read-write");
    }

    [Fact]
    public async Task The_largest_frame_of_a_larger_MTU()
    {
        await space!.IpAsync("link", "set", "tap0", "mtu", "9000");
        QemuMachine machine = Machine("network", "mtu");
        machine.AddTap("tap0", "host_mtu=9000");
        await ShowsAsync(machine, "network", "mtu");
    }

    [Fact]
    public async Task A_disk_whose_serial_number_is_the_name_comes_before_the_first()
    {
        string other = Disk("other", 65536);
        string named = Disk("named");
        QemuMachine machine = Machine("block", "read-write");
        machine.AddDisk(other);
        machine.AddDisk(named, "serial=storage");
        await ShowsAsync(machine, "block", "read-write");
        Assert.False(File.ReadAllBytes(other).AsSpan().ContainsAnyExcept((byte)0));
        Assert.True(File.ReadAllBytes(named).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task The_disk_that_was_booted_is_not_the_programs()
    {
        string boot = await VirtioImage.DiskAsync(
            VirtioImage.Program("block"),
            folder,
            "raw",
            "--program=read-write"
        );
        byte[] before = await File.ReadAllBytesAsync(boot);
        QemuMachine machine = new() { Type = "pc" };
        machine.AddDisk(boot, "bootindex=1");
        machine.AddDisk(Disk("disk"));
        await ShowsAsync(machine, "block", "read-write");
        Assert.Equal(before, await File.ReadAllBytesAsync(boot));
    }

    [Fact]
    public async Task A_disk_of_other_blocks_has_them()
    {
        QemuMachine machine = Machine("block", "geometry");
        machine.AddDisk(Disk("disk"), "logical_block_size=4096,physical_block_size=4096");
        ProcessResult result = await machine.RunAsync();
        Assert.Contains("1048576 bytes in blocks of 4096", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task A_read_only_disk_refuses_to_be_written()
    {
        string disk = Disk("disk");
        QemuMachine machine = Machine("block", "read-write");
        machine.AddDisk(disk, drive: "format=raw,readonly=on");
        ProcessResult result = await machine.RunAsync();
        // Four writes, each refused with SOLO5_R_EINVAL.
        Assert.Contains("writes failed 8", result.Output, StringComparison.Ordinal);
        Assert.False((await File.ReadAllBytesAsync(disk)).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("disable-modern=on,disable-legacy=off")]
    public async Task The_resolver_answers_dig(string shape)
    {
        string image = Path.Combine(Repository.Root, "unikernels", "resolver", "dist");
        QemuMachine machine = new()
        {
            Kernel = Path.Combine(image, "resolver.virtio"),
            Arguments = "--ipv4=10.0.0.2/24",
        };
        machine.AddTap("tap0", shape);
        machine.Add("-device", "virtio-rng-pci");
        await using RunningProcess process = machine.Start(space);
        DnsAnswer answer = await DnsClientProgram.DigAsync(space!, "10.0.0.2", "localhost", "A");
        Assert.Equal("NOERROR", answer.Status);
    }

    [Fact]
    public async Task An_idle_machine_sleeps()
    {
        string image = Path.Combine(Repository.Root, "unikernels", "resolver", "dist");
        QemuMachine machine = new()
        {
            Kernel = Path.Combine(image, "resolver.virtio"),
            Arguments = "--ipv4=10.0.0.2/24",
        };
        machine.AddTap("tap0");
        await using RunningProcess process = machine.Start(space);
        _ = await process.LineAsync("listening", TimeSpan.FromMinutes(1));
        _ = await process.LineAsync("is Held", TimeSpan.FromMinutes(1));
        double before = ProcessorSeconds();
        await DnsClientProgram.DigAsync(space!, "10.0.0.2", "localhost", "A");
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        // Two seconds of nothing is what is measured here.
        await Task.Delay(TimeSpan.FromSeconds(2));
        double share =
            (ProcessorSeconds() - before)
            / System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.InRange(share, 0, 0.25);

        // nsenter(1) has become QEMU.
        double ProcessorSeconds()
        {
            using System.Diagnostics.Process qemu = System.Diagnostics.Process.GetProcessById(
                process.Id
            );
            return qemu.TotalProcessorTime.TotalSeconds;
        }
    }

    private static QemuMachine Machine(string image, string program) =>
        new() { Kernel = VirtioImage.Program(image), Arguments = $"--program={program}" };

    private string Disk(string name, int size = 0)
    {
        string path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, new byte[size == 0 ? PropertyProgram.BlockDeviceSize : size]);
        return path;
    }

    private async Task ShowsAsync(QemuMachine machine, string image, string name)
    {
        PropertyProgram program = PropertyProgram.All.Single(p =>
            p.Image == image && p.Name == name
        );
        ProcessResult result = await machine.RunAsync(space);
        string? difference = program.Expectation.Difference(result.Code, result.Output);
        Assert.True(difference is null, $"{difference}\nStandard error:\n{result.Errors}");
    }
}
