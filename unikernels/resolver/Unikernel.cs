using Microsoft.Extensions.Logging;
using Morgana.Dns;
using Morgana.Net;
using Morgana.Runtime;

namespace Resolver;

/// <summary>A caching DNS resolver over UDP that asks the authorities itself, from the root down.</summary>
/// <param name="udp">The stack on which clients are answered and servers are asked.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Where the ids of questions come from.</param>
/// <param name="log">What happens is logged under "resolver".</param>
/// <param name="rootHints">Servers to start from; the Internet's when null.</param>
/// <param name="transparent">Names that are looked up although resolvers answer for them as a rule; may be null.</param>
/// <param name="cacheSize">Memory for what is remembered, in MiB; 0 for what fits the machine.</param>
public sealed partial class ResolverUnikernel(
    IUdp udp,
    TimeProvider time,
    IRandom random,
    ILoggerFactory log,
    RootHints? rootHints,
    DnsNameList? transparent,
    int cacheSize
) : IUnikernel, IDisposable
{
    /// <summary>The exit code when a boot argument has a value that cannot be used (EX_USAGE of sysexits.h).</summary>
    public const int BadArgument = 64;

    private const int DefaultCacheSize = 8;

    private readonly ILogger _log = log.CreateLogger("resolver");
    private RecursiveResolver? _resolver;
    private DnsUdpServer? _server;

    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        if (cacheSize is < 0 or > 65536)
        {
            LogBadCacheSize(_log, cacheSize);
            return Task.FromResult(BadArgument);
        }

        // What is remembered must leave room for the work itself: a third of the managed heap, whatever was asked for.
        long most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3;
        long wanted = (long)(cacheSize == 0 ? DefaultCacheSize : cacheSize) << 20;
        long cache = Math.Min(wanted, most);
        if (cache < wanted && cacheSize != 0)
        {
            LogSmallerCache(_log, cacheSize, cache >> 10);
        }

        ResolverOptions options = new()
        {
            RootHints = rootHints ?? RootHints.Internet,
            Transparent = transparent is null ? [] : transparent,
            Cache = new CacheOptions { MaxBytes = cache },
        };
        _resolver = new RecursiveResolver(udp, time, random, options, _log);
        _server = new DnsUdpServer(udp, _resolver);
        LogListening(_log, DnsUdpServer.DefaultPort);
        // Nothing ends a name server but the end of its machine.
        return new TaskCompletionSource<int>().Task;
    }

    /// <summary>Stops serving.</summary>
    public void Dispose()
    {
        _server?.Dispose();
        _resolver?.Dispose();
    }

    [LoggerMessage(LogLevel.Information, "listening on UDP port {Port}")]
    private static partial void LogListening(ILogger log, ushort port);

    [LoggerMessage(
        LogLevel.Warning,
        "--cache={Size}: this machine's memory allows {Kilobytes} KiB; give the tender a larger --mem for more"
    )]
    private static partial void LogSmallerCache(ILogger log, int size, long kilobytes);

    [LoggerMessage(
        LogLevel.Error,
        "--cache={Size}: give the memory for what is remembered in MiB, from 1 to 65536."
    )]
    private static partial void LogBadCacheSize(ILogger log, int size);
}
