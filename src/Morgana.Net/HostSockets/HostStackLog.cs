using Microsoft.Extensions.Logging;

namespace Morgana.Net;

/// <summary>What a <see cref="HostStack"/> tells its operator.</summary>
internal static partial class HostStackLog
{
    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "the sockets of this machine, on {Address}"
    )]
    public static partial void Started(ILogger logger, IpAddress address);
}
