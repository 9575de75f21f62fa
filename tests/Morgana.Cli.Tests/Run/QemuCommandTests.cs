using CsCheck;
using Morgana.Cli.Run;
using Morgana.Cli.Run.Carriers;
using Morgana.Elf;

namespace Morgana.Cli.Tests.Run;

public sealed class QemuCommandTests
{
    [Fact]
    public void Devices_stand_in_the_order_of_the_manifest_with_what_was_given_for_them()
    {
        RunOptions options = new()
        {
            MemoryMegabytes = 64,
            Networks = [new("management", "@5")],
            HardwareAddresses = [new("management", "02:00:00:00:00:01")],
            Blocks = [new("disk", "a,b.img")],
            SectorSizes = [new("disk", "4096")],
            Arguments = ["--ipv4=10.0.0.2/24", "--verbose"],
        };
        IReadOnlyList<string> words = QemuCommand.Build(
            "qemu",
            true,
            options,
            [
                new("service", DeviceType.NetBasic),
                new("disk", DeviceType.BlockBasic),
                new("management", DeviceType.NetBasic),
            ],
            "x.virtio",
            new("service", "tap0"),
            () => "02:00:00:00:00:02"
        );
        Assert.Equal(
            [
                "-netdev",
                "tap,id=net0,ifname=tap0,script=no,downscript=no",
                "-device",
                "virtio-net-pci,netdev=net0,mac=02:00:00:00:00:02,romfile=",
                "-drive",
                "if=none,id=block1,format=raw,file=a,,b.img",
                "-device",
                "virtio-blk-pci,drive=block1,serial=disk,logical_block_size=4096,physical_block_size=4096",
                "-netdev",
                "tap,id=net2,fd=5",
                "-device",
                "virtio-net-pci,netdev=net2,mac=02:00:00:00:00:01,romfile=",
                "-kernel",
                "x.virtio",
                "-append",
                "--ipv4=10.0.0.2/24 --verbose",
            ],
            words.SkipWhile(word => word != "-netdev")
        );
        Assert.Equal("64", After(words, "-m"));
    }

    [Theory]
    [InlineData(true, "kvm", "host")]
    [InlineData(false, "tcg", "max")]
    public void Where_KVM_does_not_work_the_processor_is_emulated(
        bool hardware,
        string accelerator,
        string processor
    )
    {
        IReadOnlyList<string> words = QemuCommand.Build(
            "qemu",
            hardware,
            new RunOptions(),
            [],
            "x.virtio",
            null,
            () => ""
        );
        Assert.Equal((accelerator, processor), (After(words, "-accel"), After(words, "-cpu")));
        Assert.Equal("512", After(words, "-m"));
        Assert.DoesNotContain("-append", words);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(15, 7)]
    [InlineData(129, 64)]
    [InlineData(253, 126)]
    [InlineData(255, 255)]
    public void Qemus_exit_code_tells_the_images(int qemu, int image) =>
        Assert.Equal(image, QemuCommand.ImageCode(qemu));

    [Fact]
    public void A_hardware_address_that_is_made_is_one_machines_and_nobodys() =>
        Gen.Int.Sample(seed =>
        {
            string address = QemuCommand.NewHardwareAddress(new Random(seed));
            Assert.Matches("^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", address);
            Assert.Equal(2, Convert.ToByte(address[..2], 16) & 3);
        });

    private static string After(IReadOnlyList<string> words, string option) =>
        words.SkipWhile(word => word != option).ElementAt(1);
}
