using Morgana.Cli.Run;
using Morgana.Cli.Run.Images;
using Morgana.Elf;

namespace Morgana.Cli.Tests.Run;

public sealed class DevicePlanTests
{
    private static readonly ManifestDevice Service = new("service", DeviceType.NetBasic);
    private static readonly ManifestDevice Management = new("management", DeviceType.NetBasic);
    private static readonly ManifestDevice Disk = new("disk", DeviceType.BlockBasic);

    [Fact]
    public void The_only_network_device_is_made_by_run() =>
        Assert.Equal("service", DevicePlan.Make([Service], [], []).Automatic);

    [Fact]
    public void An_image_without_devices_needs_nothing() =>
        Assert.Null(DevicePlan.Make([], [], []).Automatic);

    [Fact]
    public void The_device_that_is_not_given_is_made_by_run() =>
        Assert.Equal(
            "service",
            DevicePlan.Make([Service, Management], [new("management", "tap9")], []).Automatic
        );

    [Fact]
    public void A_given_device_is_not_made() =>
        Assert.Null(
            DevicePlan
                .Make([Service, Disk], [new("service", "tap9")], [new("disk", "disk.img")])
                .Automatic
        );

    [Fact]
    public void A_missing_disk_is_named_with_its_option() =>
        Refused("--block:disk=FILE", [Disk], [], []);

    [Fact]
    public void Two_missing_networks_are_named() =>
        Refused("service, management", [Service, Management], [], []);

    [Fact]
    public void An_unknown_device_is_refused_with_the_known_ones() =>
        Refused("net devices: service", [Service, Disk], [new("disk", "tap0")], []);

    [Fact]
    public void A_device_of_an_image_without_any_is_refused() =>
        Refused("It has no block device", [Service], [], [new("disk", "x")]);

    [Fact]
    public void A_device_given_twice_is_refused() =>
        Refused("twice", [Service], [new("service", "tap0"), new("service", "tap1")], []);

    private static void Refused(
        string part,
        ManifestDevice[] devices,
        DeviceArgument[] networks,
        DeviceArgument[] blocks
    ) =>
        Assert.Contains(
            part,
            Assert.Throws<RunException>(() => DevicePlan.Make(devices, networks, blocks)).Message,
            StringComparison.Ordinal
        );
}
