using CsCheck;
using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Devices;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

public sealed class TenderOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-tender").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TenderOptions Parse(params string[] args) =>
        TenderOptions.Parse(args, SptAbi.LargestMemory);

    private static string Wrong(params string[] args) =>
        Assert.Throws<TenderException>(() => Parse(args)).Message;

    private static string Usage(params string[] args) =>
        Assert.Throws<UsageException>(() => Parse(args)).Message;

    [Fact]
    public void Options_stand_before_the_image_and_arguments_behind_it()
    {
        var options = Parse([
            "--mem=64",
            "--net:a=tap0",
            "--net-mac:a=02:00:00:00:00:01",
            "--block:b=x=y",
            "img",
            "--mem=1",
            "--",
            "x",
        ]);
        Assert.Equal((64UL << 20, "img"), (options.MemorySize, options.Image));
        Assert.Equal(["--mem=1", "--", "x"], options.Arguments);
        Assert.Equal(
            [
                new DeviceOption(DeviceOptionKind.Net, "a", "tap0"),
                new DeviceOption(DeviceOptionKind.NetMac, "a", "02:00:00:00:00:01"),
                new DeviceOption(DeviceOptionKind.Block, "b", "x=y"),
            ],
            options.Devices
        );
    }

    [Fact]
    public void Two_dashes_end_the_options()
    {
        var options = Parse(["--", "--help"]);
        Assert.Equal((TenderCommand.Run, "--help"), (options.Command, options.Image));
        Assert.Equal(512UL << 20, options.MemorySize);
    }

    [Theory]
    [InlineData("--mem=")]
    [InlineData("--mem=0")]
    [InlineData("--mem=-1")]
    [InlineData("--mem=12x")]
    [InlineData("--mem=99999999999999999999")]
    public void A_malformed_memory_size(string option) =>
        Assert.Contains("Malformed argument to --mem", Wrong(option, "img"));

    [Fact]
    public void More_memory_than_there_can_be() =>
        Assert.Contains(
            "Maximum guest memory size (262144 MB) exceeded",
            Wrong("--mem=262145", "img")
        );

    [Fact]
    public void An_executable_heap_is_refused() =>
        Assert.Contains("--x-exec-heap is refused", Wrong("--x-exec-heap", "img"));

    [Theory]
    [InlineData("-x")]
    [InlineData("--net:")]
    [InlineData("--net:a")]
    [InlineData("--net:a=")]
    [InlineData("--net:=tap0")]
    [InlineData("--net:a-b=tap0")]
    [InlineData("--memory=5")]
    public void What_is_no_option(string option) =>
        Assert.Equal($"Invalid option: '{option}'", Usage(option, "img"));

    [Fact]
    public void No_image() => Assert.Contains("Missing KERNEL operand", Usage("--mem=5"));

    [Fact]
    public void Help_and_version_win_over_wrong_options_before_them()
    {
        Assert.Equal(TenderCommand.Help, Parse(["--bogus", "--mem=x", "--help"]).Command);
        Assert.Equal(TenderCommand.Version, Parse(["--version", "--bogus"]).Command);
    }

    [Fact]
    public void Any_arguments_are_read_or_refused() =>
        Gen.OneOf(
                Gen.String,
                Gen.Const("--"),
                Gen.Select(
                    OneOf("--mem=", "--net:a=", "--net:", "--block:", "--block-sector-size:b="),
                    Gen.String,
                    (a, b) => a + b
                )
            )
            .Array[0, 5]
            .Sample(
                args =>
                {
                    try
                    {
                        _ = Parse(args);
                    }
                    catch (Exception exception)
                        when (exception is TenderException or UsageException) { }
                },
                iter: 5_000
            );

    private static Gen<string> OneOf(params string[] values) =>
        Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Manifest Declared = new([
        new("net", DeviceType.NetBasic),
        new("disk", DeviceType.BlockBasic),
    ]);

    private string Disk(int size)
    {
        string path = Path.Combine(_folder, $"disk{size}");
        File.WriteAllBytes(path, new byte[size]);
        return path;
    }

    private static string Refused(Manifest manifest, params string[] options) =>
        Assert
            .Throws<TenderException>(() =>
                DeviceTable.Attach(manifest, Parse([.. options, "img"]).Devices, "img")
            )
            .Message;

    private static readonly Manifest OneDisk = new([new("disk", DeviceType.BlockBasic)]);
    private static readonly Manifest OneNet = new([new("net", DeviceType.NetBasic)]);

    [Fact]
    public void Missing_devices_are_all_named_with_the_option_for_each()
    {
        string message = Refused(Declared);
        Assert.Contains(
            "Device 'net' of type NET_BASIC declared but not attached: give --net:net=TAP",
            message
        );
        Assert.Contains(
            "Device 'disk' of type BLOCK_BASIC declared but not attached: give --block:disk=PATH",
            message
        );
        Assert.Contains("All declared devices must be attached. See --help for syntax.", message);
    }

    [Theory]
    [InlineData("--net:eth=tap0")]
    [InlineData("--net:disk=tap0")]
    [InlineData("--net-mac:eth=02:00:00:00:00:01")]
    [InlineData("--block:net=x")]
    [InlineData("--block-sector-size:x=512")]
    public void Surplus_devices_are_named_with_what_is_declared(string option) =>
        Assert.Contains(
            "img declares 'net' of type NET_BASIC, 'disk' of type BLOCK_BASIC",
            Refused(Declared, option)
        );

    [Fact]
    public void A_surplus_device_where_there_are_none() =>
        Assert.Contains("img declares no devices", Refused(new Manifest([]), "--net:a=tap0"));

    [Fact]
    public void A_device_given_twice() =>
        Assert.Equal(
            "--block:disk is given twice; give it once",
            Refused(OneDisk, "--block:disk=a", "--block:disk=b")
        );

    [Fact]
    public void A_block_device_has_its_capacity_and_block_size()
    {
        List<DeviceOption> options = Parse([
            $"--block:disk={Disk(8192)}",
            "--block-sector-size:disk=4096",
            "img",
        ]).Devices;
        AttachedDevice device = Assert.Single(DeviceTable.Attach(OneDisk, options, "img"));
        Assert.Equal(new BlockGeometry(8192, 4096), device.Block);
        Assert.Equal(0, Linux.LinuxCalls.Close(device.Descriptor));
    }

    [Fact]
    public void A_block_device_that_is_not_there() =>
        Assert.Contains(
            "Could not open block device: /nonexistent/disk",
            Refused(OneDisk, "--block:disk=/nonexistent/disk")
        );

    [Theory]
    [InlineData("0")]
    [InlineData("256")]
    [InlineData("521")]
    [InlineData("65536")]
    [InlineData("4k")]
    public void A_wrong_block_size(string size) =>
        Assert.Contains(
            "Block size must be a multiple of 2 greater than or equal 512",
            Refused(OneDisk, $"--block:disk={Disk(4096)}", $"--block-sector-size:disk={size}")
        );

    [Fact]
    public void A_block_device_that_is_not_a_number_of_blocks() =>
        Assert.Contains(
            "Backing storage size must be block aligned (512 bytes)",
            Refused(OneDisk, $"--block:disk={Disk(513)}")
        );

    [Fact]
    public void An_empty_block_device() =>
        Assert.Contains(
            "must be at least 1 block (512 bytes)",
            Refused(OneDisk, $"--block:disk={Disk(0)}")
        );

    [Theory]
    [InlineData("--net:net=nosuchtap0", "there is no such interface")]
    [InlineData("--net:net=a2345678901234567", "at most 15 characters")]
    [InlineData("--net:net=@", "after @ stands the number")]
    [InlineData("--net:net=@1", "after @ stands the number")]
    [InlineData("--net:net=@5x", "after @ stands the number")]
    [InlineData("--net:net=@99999", "descriptor 99999 is not open")]
    [InlineData("--net:net=lo", "Could not attach interface: lo")]
    public void A_network_device_that_cannot_be_attached(string option, string message) =>
        Assert.Contains(message, Refused(OneNet, option));

    [Theory]
    [InlineData("02:00:00:00:00")]
    [InlineData("02-00-00-00-00-01")]
    [InlineData("02:00:00:00:00:0g")]
    [InlineData("03:00:00:00:00:01")]
    public void A_wrong_hardware_address(string address) =>
        Assert.Contains(
            $"'{address}' is not an interface's hardware address",
            Refused(OneNet, "--net:net=nosuchtap0", $"--net-mac:net={address}")
        );
}
