using Microsoft.Extensions.Logging;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>What a stack tells its operator.</summary>
internal static partial class Ipv4StackLog
{
    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "{Device} ({Hardware}): IPv4 {Prefix}, gateway {Gateway}, MTU {Mtu}"
    )]
    public static partial void Started(
        ILogger logger,
        string device,
        MacAddress hardware,
        IpPrefix prefix,
        IpAddress gateway,
        int mtu
    );

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Error,
        Message = "{Device}: the address {Address} is also used by the host {Hardware}. Give one of the two another address. (Seen {Count} times.)"
    )]
    public static partial void Conflict(
        ILogger logger,
        string device,
        IpAddress address,
        MacAddress hardware,
        long count
    );

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Information,
        Message = "{Device}: the address {Address} is {State}"
    )]
    public static partial void Claim(
        ILogger logger,
        string device,
        IpAddress address,
        AddressClaimState state
    );
}
