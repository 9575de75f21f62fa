using System.Text.Json;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Run;

/// <summary>
/// Runs <c>morgana run</c> in a namespace that stands for the host, with a shell script in place of the tender: so
/// these tests show what <c>run</c> does around an image and need no image.
/// </summary>
internal sealed class RunWorld : IAsyncDisposable
{
    private readonly DirectoryInfo folder;

    private RunWorld(NetworkNamespace host, DirectoryInfo folder)
    {
        Host = host;
        this.folder = folder;
    }

    /// <summary>The namespace that stands for the machine.</summary>
    public NetworkNamespace Host { get; }

    /// <summary>An image file with a network device <c>service</c>.</summary>
    public string Image => Path.Combine(folder.FullName, "image.spt");

    public static async Task<RunWorld> CreateAsync()
    {
        RunWorld world = new(await NetworkNamespace.CreateAsync(), TemporaryFolder.Create("run"));
        ManifestFile.Write(world.Image, "service");
        return world;
    }

    /// <summary>Writes a stand-in for the tender; it runs where the tender would and gets its arguments.</summary>
    public string Tender(string script)
    {
        string path = Path.Combine(folder.FullName, "tender");
        File.WriteAllText(path, $"#!{Tool.Shell}\nPATH=$PATH:/usr/sbin:/sbin\n{script}\n");
        File.SetUnixFileMode(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        return path;
    }

    /// <summary>A stand-in that is an image with the address 10.0.0.2 and a name server (nsd) on port 53.</summary>
    public string ServerTender()
    {
        string zone = Path.Combine(folder.FullName, "zone");
        File.WriteAllText(
            zone,
            "$ORIGIN example.com.\n$TTL 60\n@ IN SOA ns hostmaster 1 2 3 4 5\n@ IN NS ns\nns IN A 192.0.2.1\nwww IN A 192.0.2.80\n"
        );
        string configuration = Path.Combine(folder.FullName, "nsd.conf");
        File.WriteAllText(
            configuration,
            $"""
            server:
              ip-address: 10.0.0.2
              username: ""
              chroot: ""
              database: ""
              rrl-ratelimit: 0
              pidfile: {folder.FullName}/nsd.pid
              zonelistfile: {folder.FullName}/zones.list
              xfrdfile: {folder.FullName}/xfrd.state
              xfrdir: {folder.FullName}
            remote-control:
              control-enable: no
            zone:
              name: "example.com"
              zonefile: {zone}

            """
        );
        return Tender($"ip addr add 10.0.0.2/32 dev lo\nexec {Tool.Nsd} -d -c {configuration}");
    }

    /// <summary>Starts <c>morgana run</c> as root of the host namespace.</summary>
    public RunningProcess Run(string tender, params string[] arguments) =>
        Host.Start(
            Repository.MorganaTool,
            ["run", "--tender", tender, "--image", Image, .. arguments]
        );

    /// <summary>
    /// True where this process may make user namespaces. In a chroot the kernel lets nobody: what `run` then owes to a user without
    /// root is to say so.
    /// </summary>
    public static async Task<bool> HasUserNamespacesAsync() =>
        (await RunningProcess.RunAsync(Tool.Unshare, ["--user", "--", "/bin/true"])).Code == 0;

    /// <summary>
    /// For a run without root on a machine without user namespaces: checks that it was refused with words that help, and is true.
    /// </summary>
    public static async Task<bool> IsRefusedHereAsync(RunningProcess run)
    {
        if (await HasUserNamespacesAsync())
        {
            return false;
        }

        Assert.Equal(125, await run.ExitAsync());
        Assert.Contains("user namespaces", run.Errors, StringComparison.Ordinal);
        Assert.Contains("CAP_NET_ADMIN", run.Errors, StringComparison.Ordinal);
        return true;
    }

    /// <summary>
    /// Starts <c>morgana run</c> without the capabilities that make networks, as for an ordinary user. The user id
    /// stays 0, so that the checkout may lie in a folder that only its owner can read; for that id, and no other, the
    /// kernel wants CAP_SETFCAP before it is mapped into a user namespace.
    /// </summary>
    public RunningProcess RunWithoutRoot(string tender, params string[] arguments) =>
        Host.Start(
            Tool.Setpriv,
            [
                "--bounding-set=-all,+setfcap",
                "--inh-caps=-all",
                "--",
                Repository.MorganaTool,
                "run",
                "--tender",
                tender,
                "--image",
                Image,
                .. arguments,
            ]
        );

    /// <summary>Waits for an event of <c>--json</c>.</summary>
    public static async Task<JsonElement> EventAsync(RunningProcess run, string name)
    {
        string line = await run.LineAsync($"{{\"event\":\"{name}\"");
        return JsonDocument.Parse(line).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
