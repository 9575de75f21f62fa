using System.Globalization;
using System.Text.Json;
using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Run;

public sealed class RunTests : IAsyncLifetime
{
    private const string Wait = "echo ready; exec tail -f /dev/null";
    private RunWorld world = null!;

    public async ValueTask InitializeAsync() => world = await RunWorld.CreateAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(false, "udp")]
    [InlineData(false, "tcp")]
    [InlineData(true, "udp")]
    [InlineData(true, "tcp")]
    public async Task A_published_port_carries_both_ways_with_and_without_root(
        bool withoutRoot,
        string protocol
    )
    {
        string tender = world.ServerTender();
        string[] arguments = ["--json", "-p", $"127.0.0.1:0:53/{protocol}"];
        await using RunningProcess run = withoutRoot
            ? world.RunWithoutRoot(tender, arguments)
            : world.Run(tender, arguments);
        if (withoutRoot && await RunWorld.IsRefusedHereAsync(run))
        {
            return;
        }

        JsonElement published = await RunWorld.EventAsync(run, "published");
        Assert.Equal("10.0.0.2:53", published.GetProperty("unikernel").GetString());
        await run.LineAsync("nsd started");
        string port = published.GetProperty("host").GetString()!.Split(':')[1];
        DnsAnswer answer = await DnsClientProgram.DigAsync(
            world.Host,
            "127.0.0.1",
            "www.example.com",
            "A",
            "+norec",
            "-p",
            port,
            protocol == "tcp" ? "+tcp" : "+notcp"
        );
        Assert.Equal(["192.0.2.80"], answer.Data("A"));
        run.Send(PosixSignalNumber.Terminate);
        await run.ExitAsync();
    }

    [Fact]
    public async Task Root_reaches_the_image_at_its_own_address_and_the_way_is_removed()
    {
        await using RunningProcess run = world.Run(world.ServerTender());
        string line = await run.LineAsync("morgana: running");
        Assert.Contains("reach it at 10.0.0.2 from this machine", line, StringComparison.Ordinal);
        DnsAnswer answer = await DnsClientProgram.DigAsync(
            world.Host,
            "10.0.0.2",
            "www.example.com",
            "A",
            "+norec"
        );
        Assert.Equal(["192.0.2.80"], answer.Data("A"));
        run.Send(PosixSignalNumber.Interrupt);
        await run.ExitAsync();
        Assert.DoesNotContain("morgana", await LinksAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolated_means_that_this_machine_has_no_way_to_the_image()
    {
        await using RunningProcess run = world.Run(world.Tender(Wait), "--isolated");
        string line = await run.LineAsync("morgana: running");
        Assert.Contains("nsenter -t", line, StringComparison.Ordinal);
        Assert.DoesNotContain("morgana", await LinksAsync(), StringComparison.Ordinal);
        run.Send(PosixSignalNumber.Terminate);
        await run.ExitAsync();
    }

    [Fact]
    public async Task The_tender_finds_a_TAP_with_the_gateways_address_and_everything_after_the_dashes()
    {
        await using RunningProcess run = world.Run(
            world.Tender("echo \"$@\"; ip -4 -o addr show tap0"),
            "--mem",
            "48",
            "--",
            "--ipv4=192.168.9.2/28",
            "--ipv4-gateway",
            "192.168.9.14",
            "--",
            "-x",
            "@name",
            "two words"
        );
        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains(
            $"--mem=48 --net:service=tap0 {world.Image} --ipv4=192.168.9.2/28 --ipv4-gateway 192.168.9.14 -- -x @name two words\n",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("inet 192.168.9.14/28", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_exit_code_is_the_images(bool withoutRoot)
    {
        string tender = world.Tender("exit 7");
        await using RunningProcess run = withoutRoot
            ? world.RunWithoutRoot(tender)
            : world.Run(tender);
        if (withoutRoot && await RunWorld.IsRefusedHereAsync(run))
        {
            return;
        }

        Assert.Equal(7, await run.ExitAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stopped_image_is_asked_to_end_and_says_so(bool withoutRoot)
    {
        string tender = world.Tender(
            "trap 'echo asked; kill $!; exit 9' TERM; tail -f /dev/null & echo ready; wait"
        );
        await using RunningProcess run = withoutRoot
            ? world.RunWithoutRoot(tender, "--json")
            : world.Run(tender, "--json");
        if (withoutRoot && await RunWorld.IsRefusedHereAsync(run))
        {
            return;
        }

        await RunWorld.EventAsync(run, "started");
        await run.LineAsync("ready");
        run.Send(PosixSignalNumber.Interrupt);
        Assert.Equal(9, await run.ExitAsync());
        Assert.Contains("asked", run.Output, StringComparison.Ordinal);
        JsonElement exited = await RunWorld.EventAsync(run, "exited");
        Assert.Equal(9, exited.GetProperty("code").GetInt32());
        Assert.True(exited.GetProperty("stopped").GetBoolean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_run_itself_is_killed_image_and_network_go_too(bool withoutRoot)
    {
        string tender = world.Tender(Wait);
        await using RunningProcess run = withoutRoot
            ? world.RunWithoutRoot(tender, "--json")
            : world.Run(tender, "--json");
        if (withoutRoot && await RunWorld.IsRefusedHereAsync(run))
        {
            return;
        }

        JsonElement started = await RunWorld.EventAsync(run, "started");
        await run.LineAsync("ready");
        string image = started
            .GetProperty("process")
            .GetInt32()
            .ToString(CultureInfo.InvariantCulture);
        await using RunningProcess changes = world.Host.Start(Tool.Ip, "monitor", "link");
        run.Send(PosixSignalNumber.Kill);

        // The output ends only when all who could write to it have ended: so the image has, though nobody may have
        // collected its process yet.
        Assert.Equal(137, await run.ExitAsync());
        Assert.True(
            !File.Exists($"/proc/{image}/cmdline")
                || File.ReadAllText($"/proc/{image}/cmdline").Length == 0
        );
        if (!withoutRoot && (await LinksAsync()).Contains("morgana", StringComparison.Ordinal))
        {
            await changes.LineAsync(
                line => line.StartsWith("Deleted", StringComparison.Ordinal),
                "a removed link"
            );
        }
    }

    [Fact]
    public async Task With_internet_the_image_reaches_a_server_outside_over_UDP()
    {
        await world.Host.AddAddressesAsync("198.41.0.4");
        await using Servers.AuthoritativeServer root =
            await Servers.AuthoritativeServer.StartKnotAsync(
                world.Host,
                ["198.41.0.4"],
                Servers.Zone.Of(
                    "example.com.",
                    "@ IN NS ns\nns IN A 192.0.2.1\nwww IN A 192.0.2.80"
                )
            );
        string tender = world.Tender(
            $"ip addr add 10.0.0.2/32 dev lo\nexec {Tool.Dig} -r +short +time=1 +tries=10 -b 10.0.0.2 @198.41.0.4 www.example.com"
        );
        await using RunningProcess run = world.Run(tender, "--internet");
        Assert.Equal(0, await run.ExitAsync());
        Assert.Equal("192.0.2.80\n", run.Output);
        await using RunningProcess unprivileged = world.RunWithoutRoot(tender, "--internet");
        if (await RunWorld.IsRefusedHereAsync(unprivileged))
        {
            return;
        }

        Assert.Equal(0, await unprivileged.ExitAsync());
        Assert.Equal("192.0.2.80\n", unprivileged.Output);
    }

    [Fact]
    public async Task The_tender_command_is_printed_as_a_shell_reads_it()
    {
        await using RunningProcess run = world.Run(world.Tender("exit 0"), "-x", "--", "two words");
        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains(
            $"tender --net:service=tap0 {world.Image} 'two words'\n",
            run.Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_port_in_use_is_refused_by_name(bool withoutRoot)
    {
        await using RunningProcess first = world.Run(
            world.Tender(Wait),
            "--json",
            "-p",
            "127.0.0.1:5353:53/udp"
        );
        await first.LineAsync("ready");
        string tender = world.Tender("echo must not start");
        await using RunningProcess second = withoutRoot
            ? world.RunWithoutRoot(tender, "-p", "127.0.0.1:5353:53/udp")
            : world.Run(tender, "-p", "127.0.0.1:5353:53/udp");
        if (withoutRoot && await RunWorld.IsRefusedHereAsync(second))
        {
            return;
        }

        Assert.Equal(125, await second.ExitAsync());
        Assert.Contains(
            "udp port 5353 of the host is in use",
            second.Errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("must not start", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no image missing.spt", "--image", "missing.spt")]
    [InlineData("This is not a unikernel image: /proc/version", "--image", "/proc/version")]
    [InlineData("--net:other=tap7 names a device that the image does not have", "--net:other=tap7")]
    [InlineData("--block:disk=x names a device", "--block:disk=x")]
    [InlineData("needs the private network that 'run' makes", "--net:service=tap7", "-p", "1:1")]
    [InlineData("'stray' is not understood", "stray")]
    [InlineData("does not fit", "--", "--ipv4=10.0.0.2/24", "--ipv4-gateway=10.9.0.1")]
    public async Task What_is_wrong_is_said_before_anything_starts(
        string part,
        params string[] arguments
    )
    {
        string tender = world.Tender("echo must not start");
        string[] image = arguments.Contains("--image") ? [] : ["--image", world.Image];
        ProcessResult result = await world.Host.RunAsync(
            Images.Repository.MorganaTool,
            ["run", "--tender", tender, .. image, .. arguments]
        );
        Assert.Equal(125, result.Code);
        Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Where_neither_root_nor_user_namespaces_are_to_be_had_it_says_what_would_help()
    {
        // No capability, and a limit of zero user namespaces: set in a user namespace of its own, it concerns nobody else.
        string tender = world.Tender("echo must not start");
        string command =
            $"exec {Tool.Setpriv} --bounding-set=-all --inh-caps=-all -- {Images.Repository.MorganaTool} run --tender {tender} --image {world.Image}";
        ProcessResult result = await RunWorld.HasUserNamespacesAsync()
            ? await world.Host.RunAsync(
                Tool.Unshare,
                "--user",
                "--map-root-user",
                "--mount",
                "--",
                Tool.Shell,
                "-c",
                $"echo 0 > /proc/sys/user/max_user_namespaces; {command}"
            )
            : await world.Host.RunAsync(Tool.Shell, "-c", command);
        Assert.Equal(125, result.Code);
        Assert.Contains("CAP_NET_ADMIN", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--net:service=TAP", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_network_this_machine_is_on_is_not_hidden_by_a_route()
    {
        await world.Host.AddTapAsync("lan0", "10.0.0.77/24");
        await using RunningProcess run = world.Run(world.Tender(Wait));
        await run.LineAsync(
            "this machine is on the network of 10.0.0.2 already (10.0.0.77/24 on lan0)"
        );
        Assert.DoesNotContain("morgana", await LinksAsync(), StringComparison.Ordinal);
        run.Send(PosixSignalNumber.Terminate);
        await run.ExitAsync();
    }

    [Fact]
    public async Task A_signal_that_comes_while_the_tender_is_started_leaves_no_tender_behind()
    {
        // The note is written before the tender is started.
        await world.Host.AddTapAsync("lan0", "10.0.0.77/24");
        for (int round = 0; round < 10; round++)
        {
            await using RunningProcess run = world.Run(world.Tender(Wait));
            await run.LineAsync("this machine is on the network of 10.0.0.2 already");
            run.Send(PosixSignalNumber.Terminate);
            Assert.Equal(143, await run.ExitAsync());
        }
    }

    private async Task<string> LinksAsync() =>
        (await world.Host.RunAsync(Tool.Ip, "-o", "link", "show")).Succeeded("ip link").Output;
}
