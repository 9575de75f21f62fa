using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.EndToEnd.Worlds;

namespace Morgana.EndToEnd.Unix;

/// <summary>
/// The resolver as an ordinary program in the same small Internet as the image under a tender: on the sockets of its machine as
/// a user without rights, and on a TAP device; ahead of time for both architectures, and as ordinary .NET.
/// </summary>
public sealed class UnixResolverTests
{
    private const string OwnAddress = "192.0.2.9";
    private const int Host = 71;

    // A user without rights, in a network namespace that is root's.
    private static readonly string[] Nobody =
    [
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--bounding-set=-all",
    ];

    public enum Program
    {
        X64,
        Arm64,
        Dotnet,
    }

    [Theory]
    [InlineData(Program.X64)]
    [InlineData(Program.Arm64)]
    [InlineData(Program.Dotnet)]
    public async Task On_the_machines_sockets_it_needs_no_rights(Program program)
    {
        await using RootWorld world = await RootWorld.CreateAsync();
        await world.Space.AddAddressesAsync(OwnAddress);
        await using RunningProcess resolver = world.Space.Start(
            Tool.Setpriv,
            [.. Nobody, .. Words(program), "--port:53=5353", $"--ipv4={OwnAddress}/32"]
        );
        await BeginsAsync(resolver);
        await AnswersAsync(world, resolver, OwnAddress, "-p", "5353");
    }

    [Fact]
    public async Task It_answers_from_the_address_that_was_asked()
    {
        await using RootWorld world = await RootWorld.CreateAsync();
        await world.Space.AddAddressesAsync(OwnAddress);
        await using RunningProcess resolver = world.Space.Start(
            Words(Program.X64)[0],
            "--port:53=5353"
        );
        await BeginsAsync(resolver);
        // dig takes no answer from another address than the one that it asked.
        foreach (string server in (string[])["127.0.0.1", "127.0.0.7", OwnAddress])
        {
            await AnswersAsync(world, resolver, server, "-p", "5353");
        }
    }

    [Theory]
    [InlineData(Program.X64)]
    [InlineData(Program.Arm64)]
    [InlineData(Program.Dotnet)]
    public async Task On_a_TAP_device_it_has_an_address_of_its_own(Program program)
    {
        await using RootWorld world = await RootWorld.CreateAsync();
        string[] words = Words(program);
        await using RunningProcess resolver = world.Space.Start(
            words[0],
            [
                .. words[1..],
                $"--net:service={RootWorld.Tap}",
                $"--ipv4={RootWorld.ImageAddress}/24",
                $"--ipv4-gateway={RootWorld.Gateway}",
            ]
        );
        await AnswersAsync(world, resolver, RootWorld.ImageAddress);
    }

    [Theory]
    [InlineData(Program.X64)]
    [InlineData(Program.Dotnet)]
    public async Task A_port_that_is_taken_or_only_for_root_is_explained(Program program)
    {
        await using RootWorld world = await RootWorld.CreateAsync();
        string[] words = Words(program);
        ProcessResult forbidden = await world.Space.RunAsync(Tool.Setpriv, [.. Nobody, .. words]);
        Assert.Equal(Host, forbidden.Code);
        Assert.Contains("--port:53=5353", forbidden.Output, StringComparison.Ordinal);
        Assert.Contains(
            "net.ipv4.ip_unprivileged_port_start=53",
            forbidden.Output,
            StringComparison.Ordinal
        );
        ProcessResult elsewhere = await world.Space.RunAsync(
            words[0],
            [.. words[1..], "--port:53=5353", "--ipv4=10.99.99.99/32"]
        );
        Assert.Equal(Host, elsewhere.Code);
        Assert.Contains("no address of this machine", elsewhere.Output, StringComparison.Ordinal);
        await using RunningProcess first = world.Space.Start(
            Words(Program.X64)[0],
            "--port:53=5353"
        );
        await BeginsAsync(first);
        ProcessResult taken = await world.Space.RunAsync(
            words[0],
            [.. words[1..], "--port:53=5353"]
        );
        Assert.Equal(Host, taken.Code);
        Assert.Contains("is taken by another program", taken.Output, StringComparison.Ordinal);
    }

    /// <summary>A closed port refuses at once, so that no number of tries would wait long enough for a program that starts.</summary>
    private static Task<string> BeginsAsync(RunningProcess resolver) =>
        resolver.LineAsync("listening on UDP port 53", TimeSpan.FromMinutes(2));

    private static async Task AnswersAsync(
        RootWorld world,
        RunningProcess resolver,
        string server,
        params string[] more
    )
    {
        try
        {
            DnsAnswer address = await DnsClientProgram.DigAsync(
                world.Space,
                server,
                "www.example.com",
                "A",
                more
            );
            Assert.Equal(["203.0.113.80"], address.Data("A"));
            DnsAnswer missing = await DnsClientProgram.DigAsync(
                world.Space,
                server,
                "nothing.example.com",
                "A",
                more
            );
            Assert.Equal("NXDOMAIN", missing.Status);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{resolver}");
        }
    }

    private static string[] Words(Program program) =>
        program == Program.Dotnet
            ?
            [
                Tool.Find("dotnet", "dotnet-sdk-10.0"),
                Path.Combine(
                    Repository.Root,
                    "unikernels/resolver/bin/Release/net10.0/resolver.dll"
                ),
            ]
            : UnixProgram.Words("resolver", "unikernels/resolver", program == Program.Arm64);
}
