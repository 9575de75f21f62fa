using Microsoft.Extensions.Logging;

namespace Morgana.Dns;

/// <summary>What a resolver tells its operator. Names come from strangers: they are printed in master-file form, so that nothing in them can forge a line.</summary>
internal static partial class ResolverLog
{
    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Debug,
        Message = "{Question}: {Code} after {Milliseconds} ms"
    )]
    public static partial void Finished(
        ILogger logger,
        Question question,
        ResponseCode code,
        long milliseconds
    );

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Trace,
        Message = "asking {Server} for {Question} in zone {Zone}"
    )]
    public static partial void Asking(
        ILogger logger,
        Morgana.Net.IpAddress server,
        Question question,
        DnsName zone
    );

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Information,
        Message = "the root has {Count} servers"
    )]
    public static partial void Primed(ILogger logger, int count);

    [LoggerMessage(
        EventId = 4,
        Level = LogLevel.Warning,
        Message = "no root server answered: check the gateway and the root hints ({Hints})"
    )]
    public static partial void RootUnreachable(ILogger logger, RootHints hints);

    [LoggerMessage(
        EventId = 5,
        Level = LogLevel.Warning,
        Message = "{Server} sent {Count} datagrams to one port that answer nothing asked there: somebody may be forging answers. The question is asked again from another port."
    )]
    public static partial void Forgery(ILogger logger, Morgana.Net.IpAddress server, int count);
}
