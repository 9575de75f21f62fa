using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>The addresses that all tests use.</summary>
internal static class Lab
{
    public static readonly MacAddress OurHardware = MacAddress.Parse("02:00:00:00:00:02", null);
    public static readonly MacAddress PeerHardware = MacAddress.Parse("02:00:00:00:00:01", null);
    public static readonly MacAddress OtherHardware = MacAddress.Parse("02:00:00:00:00:99", null);

    public static readonly IpPrefix Prefix = IpPrefix.Parse("10.0.0.2/24", null);
    public static readonly IpAddress Us = Prefix.Address;
    public static readonly IpAddress Peer = IpAddress.FromV4(10, 0, 0, 1);
    public static readonly IpAddress Neighbour = IpAddress.FromV4(10, 0, 0, 7);
    public static readonly IpAddress Remote = IpAddress.FromV4(192, 0, 2, 33);

    public static Ipv4Configuration Configuration { get; } =
        new() { Prefix = Prefix, Gateway = Peer };
}
