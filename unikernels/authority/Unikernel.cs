using Microsoft.Extensions.Logging;
using Morgana.Dns;
using Morgana.Net;
using Morgana.Runtime;

namespace Authority;

/// <summary>
/// An authoritative name server over UDP. Its zones are the master files in zones/, which the build puts into the image.
/// </summary>
/// <param name="udp">The stack to serve on.</param>
/// <param name="log">What is served, and what is wrong with a zone, is logged under "authority".</param>
/// <param name="zones">The zones to serve, by name; all that the image has when empty.</param>
public sealed partial class AuthorityUnikernel(
    IUdp udp,
    ILoggerFactory log,
    IReadOnlyList<string> zones
) : IUnikernel, IDisposable
{
    /// <summary>The exit code when a zone cannot be served: its file has errors, or there is none of that name (EX_DATAERR of sysexits.h).</summary>
    public const int BadZone = 65;

    private readonly ILogger _log = log.CreateLogger("authority");
    private DnsUdpServer? _server;

    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        if (!TryLoad(out List<Zone> served))
        {
            return Task.FromResult(BadZone);
        }

        foreach (Zone zone in served)
        {
            LogServing(_log, zone.Origin, zone.Serial, zone.NameCount);
        }

        _server = new DnsUdpServer(udp, new AuthoritativeServer(served));
        // Nothing ends a name server but the end of its machine.
        return new TaskCompletionSource<int>().Task;
    }

    /// <summary>Stops serving.</summary>
    public void Dispose() => _server?.Dispose();

    private bool TryLoad(out List<Zone> served)
    {
        served = [];
        bool good = true;
        List<Zone> all = [];
        foreach ((string file, string text) in ZoneFiles.Read())
        {
            Zone? zone = Zone.Parse(
                text,
                new MasterFileOptions { FileName = file },
                out IReadOnlyList<MasterFileIssue> issues
            );
            foreach (MasterFileIssue issue in issues)
            {
                LogIssue(_log, issue.IsError ? LogLevel.Error : LogLevel.Warning, issue);
            }

            if (zone is null)
            {
                good = false;
            }
            else
            {
                all.Add(zone);
            }
        }

        foreach (string name in zones)
        {
            Zone? zone = DnsName.TryParse(name, null, out DnsName origin)
                ? all.Find(candidate => candidate.Origin == origin)
                : null;
            if (zone is null)
            {
                string known = string.Join(
                    ", ",
                    all.Select(candidate => candidate.Origin.ToString())
                );
                LogUnknown(_log, name, known);
                good = false;
            }
            else if (!served.Contains(zone))
            {
                served.Add(zone);
            }
        }

        if (zones.Count == 0)
        {
            served = all;
        }

        if (served.Count == 0 && good)
        {
            LogNothing(_log);
            good = false;
        }

        return good;
    }

    [LoggerMessage(LogLevel.Information, "serving {Zone} serial {Serial}, {Names} names")]
    private static partial void LogServing(ILogger log, DnsName zone, uint serial, int names);

    [LoggerMessage("{Issue}")]
    private static partial void LogIssue(ILogger log, LogLevel level, MasterFileIssue issue);

    [LoggerMessage(
        LogLevel.Error,
        "--zone={Name}: this image has no such zone; it has {Known}. Name one of these, or put a master file into zones/ and build again."
    )]
    private static partial void LogUnknown(ILogger log, string name, string known);

    [LoggerMessage(
        LogLevel.Error,
        "This image has no zones: put master files into zones/ and build again."
    )]
    private static partial void LogNothing(ILogger log);
}
