using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Servers;

/// <summary>An authoritative name server that is not ours (nsd or knotd), inside a namespace.</summary>
internal sealed class AuthoritativeServer : IAsyncDisposable
{
    private readonly RunningProcess process;
    private readonly DirectoryInfo folder;

    private AuthoritativeServer(RunningProcess process, DirectoryInfo folder)
    {
        this.process = process;
        this.folder = folder;
    }

    /// <summary>Starts nsd on port 53 of the addresses, which must be the namespace's; returns when it serves.</summary>
    public static async Task<AuthoritativeServer> StartNsdAsync(
        NetworkNamespace space,
        IReadOnlyList<string> addresses,
        params Zone[] zones
    )
    {
        DirectoryInfo folder = TemporaryFolder.Create("nsd");
        List<string> lines =
        [
            "server:",
            "  port: 53",
            "  username: \"\"",
            "  chroot: \"\"",
            "  database: \"\"",
            "  verbosity: 1",
            "  rrl-ratelimit: 0",
            $"  zonesdir: {folder.FullName}",
            $"  pidfile: {folder.FullName}/nsd.pid",
            $"  zonelistfile: {folder.FullName}/zones.list",
            $"  xfrdfile: {folder.FullName}/xfrd.state",
            $"  xfrdir: {folder.FullName}",
            .. addresses.Select(address => $"  ip-address: {address}"),
            "remote-control:",
            "  control-enable: no",
        ];
        foreach ((Zone zone, string file) in Write(folder, zones))
        {
            lines.AddRange(["zone:", $"  name: \"{zone.Name}\"", $"  zonefile: {file}"]);
        }

        string configuration = Path.Combine(folder.FullName, "nsd.conf");
        await File.WriteAllLinesAsync(configuration, lines);
        return await StartedAsync(
            space.Start(Tool.Nsd, "-d", "-c", configuration),
            folder,
            "nsd started"
        );
    }

    /// <summary>Starts knotd on port 53 of the addresses, which must be the namespace's; returns when it serves.</summary>
    public static async Task<AuthoritativeServer> StartKnotAsync(
        NetworkNamespace space,
        IReadOnlyList<string> addresses,
        params Zone[] zones
    )
    {
        DirectoryInfo folder = TemporaryFolder.Create("knot");
        List<string> lines =
        [
            "server:",
            $"    rundir: {folder.FullName}",
            "    udp-workers: 1",
            "    tcp-workers: 1",
            $"    listen: [ {string.Join(", ", addresses.Select(address => $"{address}@53"))} ]",
            "log:",
            "  - target: stderr",
            "    any: info",
            "database:",
            $"    storage: {folder.FullName}",
            "template:",
            "  - id: default",
            $"    storage: {folder.FullName}",
            "    journal-content: none",
            "zone:",
        ];
        foreach ((Zone zone, string file) in Write(folder, zones))
        {
            lines.AddRange([$"  - domain: {zone.Name}", $"    file: {file}"]);
        }

        string configuration = Path.Combine(folder.FullName, "knot.conf");
        await File.WriteAllLinesAsync(configuration, lines);
        return await StartedAsync(
            space.Start(Tool.Knotd, "-c", configuration),
            folder,
            "server started"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<AuthoritativeServer> StartedAsync(
        RunningProcess process,
        DirectoryInfo folder,
        string line
    )
    {
        AuthoritativeServer server = new(process, folder);
        try
        {
            await process.LineAsync(line);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<(Zone Zone, string File)> Write(DirectoryInfo folder, Zone[] zones)
    {
        for (int i = 0; i < zones.Length; i++)
        {
            string file = Path.Combine(folder.FullName, $"{i}.zone");
            File.WriteAllText(file, zones[i].Text);
            yield return (zones[i], file);
        }
    }
}
