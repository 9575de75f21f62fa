using System.Net;
using System.Net.Sockets;
using System.Text;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.NewTarget;

/// <summary>
/// samples/new-target: a target of which nothing in src/ knows, from its description in config.cs to a running image. What is tested is
/// that it needs no change to src/.
/// </summary>
public sealed class NewTargetTests
{
    // Configures and builds, on a machine that may have much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static string Folder => Path.Combine(Repository.Root, "samples/new-target/echo");

    [Fact]
    public void Nothing_in_src_and_native_knows_the_target()
    {
        string[] folders = ["src", "native", "toolchains"];
        string[] sources = [".cs", ".c", ".h", ".json", ".targets", ".props"];
        string[] knowing =
        [
            .. folders
                .SelectMany(folder =>
                    Directory.EnumerateFiles(
                        Path.Combine(Repository.Root, folder),
                        "*",
                        SearchOption.AllDirectories
                    )
                )
                .Where(path =>
                    sources.Contains(Path.GetExtension(path))
                    && !path.Contains("/obj/", StringComparison.Ordinal)
                    && !path.Contains("/bin/", StringComparison.Ordinal)
                )
                .Where(path =>
                {
                    string text = File.ReadAllText(path);
                    return text.Contains("new-target", StringComparison.Ordinal)
                        || text.Contains("\"pipe\"", StringComparison.Ordinal);
                }),
        ];
        Assert.Empty(knowing);
    }

    [Fact]
    public async Task It_is_configured_built_and_run_with_its_own_base_layer_driver_and_tender()
    {
        await SucceedsAsync("configure", "-t", "pipe");
        await SucceedsAsync("depends");
        await SucceedsAsync("build");
        Assert.True(File.Exists(Path.Combine(Folder, "dist/echo.pipe")));

        int port = FreePort();
        await using RunningProcess run = RunningProcess.Start(
            Repository.MorganaTool,
            ["-C", Folder, "run", "--", $"--udp={port}:7"]
        );
        await run.LineAsync("echoing at the end of a pipe", Patience);
        // A timer of the image's own clock.
        await run.LineAsync("second 2", Patience);
        using UdpClient client = new();
        client.Connect(IPAddress.Loopback, port);
        Assert.Equal("hello", await AskAsync(client, "hello"));
        Assert.Equal("quit", await AskAsync(client, "quit"));
        Assert.Equal(0, await run.ExitAsync(Patience));
    }

    private static async Task<string> AskAsync(UdpClient client, string text)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(text));
        UdpReceiveResult answer = await client.ReceiveAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return Encoding.ASCII.GetString(answer.Buffer);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task SucceedsAsync(params string[] command)
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["-C", Folder, .. command],
            Patience
        );
        Assert.True(
            result.Code == 0,
            $"morgana {string.Join(' ', command)}: {result.Output}{result.Errors}"
        );
    }
}
