using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Harness;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public async Task Two_joined_namespaces_reach_each_other_and_the_machine_sees_neither()
    {
        await using NetworkNamespace left = await NetworkNamespace.CreateAsync();
        await using NetworkNamespace right = await NetworkNamespace.CreateAsync();
        await left.JoinAsync("toright", "192.0.2.101/24", right, "toleft", "192.0.2.102/24");
        ProcessResult ping = await left.RunAsync(Tool.Ping, "-c", "1", "-w", "10", "192.0.2.102");
        Assert.Equal(0, ping.Code);
        Assert.DoesNotContain(
            NetworkInterface.GetAllNetworkInterfaces(),
            link => link.Name is "toright" or "toleft"
        );
    }

    [Fact]
    public async Task A_socket_made_inside_is_used_from_outside()
    {
        await using NetworkNamespace space = await NetworkNamespace.CreateAsync();
        await space.AddAddressesAsync("198.41.0.4");
        using Socket socket = space.Inside(() =>
        {
            Socket made = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            made.Bind(new IPEndPoint(IPAddress.Parse("198.41.0.4"), 53));
            return made;
        });
        await socket.SendToAsync("self"u8.ToArray(), SocketFlags.None, socket.LocalEndPoint!);
        byte[] buffer = new byte[16];
        Assert.Equal(4, await socket.ReceiveAsync(buffer, SocketFlags.None));
    }

    [Fact]
    public async Task Removing_a_namespace_ends_the_programs_inside()
    {
        NetworkNamespace space = await NetworkNamespace.CreateAsync();
        RunningProcess program = space.Start(Tool.Tcpdump, "-i", "lo", "-n");
        await using (program)
        {
            await program.LineAsync("listening on");
            await space.DisposeAsync();
            Assert.Equal(137, await program.ExitAsync());
        }
    }

    [Fact]
    public async Task What_a_killed_test_run_left_behind_is_removed()
    {
        // A process that certainly is gone: one that has just ended.
        await using RunningProcess gone = RunningProcess.Start(Tool.Shell, ["-c", "exit 0"]);
        int dead = gone.Id;
        await gone.ExitAsync();
        string name = $"morgana-e2e-{dead}-1";
        (await RunningProcess.RunAsync(Tool.Ip, ["netns", "add", name])).Succeeded("ip netns add");
        await using NetworkNamespace own = await NetworkNamespace.CreateAsync();
        await NetworkNamespace.RemoveStaleAsync();
        Assert.False(File.Exists($"/run/netns/{name}"));
        Assert.True(File.Exists(own.Path));
    }

    [Fact]
    public void A_missing_tool_is_named_with_its_package()
    {
        MissingToolException missing = Assert.Throws<MissingToolException>(() =>
            Tool.Find("no-such-tool", "no-such-package")
        );
        Assert.Contains("'no-such-tool'", missing.Message, StringComparison.Ordinal);
        Assert.Contains(
            "apt-get install no-such-package",
            missing.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Waiting_for_a_line_that_never_comes_fails_with_what_was_printed()
    {
        await using RunningProcess program = RunningProcess.Start(
            Tool.Shell,
            ["-c", "echo something else"]
        );
        TimeoutException failure = await Assert.ThrowsAsync<TimeoutException>(() =>
            program.LineAsync("the line")
        );
        Assert.Contains("something else", failure.Message, StringComparison.Ordinal);
    }
}
