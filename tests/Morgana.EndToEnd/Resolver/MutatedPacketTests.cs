using System.Net;
using System.Net.Sockets;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Worlds;

namespace Morgana.EndToEnd.Resolver;

/// <summary>Bad input from the wire into the running resolver image.</summary>
public sealed class MutatedPacketTests(ResolverWorld world) : IClassFixture<ResolverWorld>
{
    private const int Packets = 100_000;
    private const int Burst = 250;
    private const int Seed = 20261122;
    private const int Megabyte = 1 << 20;

    [Fact]
    public async Task After_100000_mutated_packets_it_still_answers_and_has_not_grown()
    {
        NetworkNamespace space = world.World.Space;
        await world.AskAsync("www.example.com", "A");
        byte[] image = await NeighbourAsync(space, RootWorld.ImageAddress);
        byte[] gateway = space.Inside(() => Mac(RootWorld.Tap));
        byte[][] originals = Originals(image, gateway);
        byte[] announcement = Frames.Arp(
            image,
            gateway,
            request: false,
            RootWorld.Gateway,
            RootWorld.ImageAddress
        );
        FrameMutation mutation = new(Seed);
        using FrameSocket frames = FrameSocket.Open(space, RootWorld.Tap);
        using Socket client = space.Inside(() =>
            new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        );
        await client.ConnectAsync(IPEndPoint.Parse($"{RootWorld.ImageAddress}:53"));

        long half = 0;
        int lost = 0;
        for (int sent = 0; sent < Packets; )
        {
            for (int i = 0; i < Burst; i++)
            {
                // A frame that the device had no room for does not count.
                sent += frames.Send(mutation.Mutate(originals[(sent + i) % originals.Length]))
                    ? 1
                    : 0;
            }

            // Mutated ARP packets may have told the image wrong things about the gateway; its owner sets them right,
            // as it would on any network.
            frames.Send(announcement);
            lost += await AskUntilAnsweredAsync(client, (ushort)sent);
            if (half == 0 && sent >= Packets / 2)
            {
                half = world.Resolver.ResidentMemory();
            }
        }

        long end = world.Resolver.ResidentMemory();
        Assert.False(world.Resolver.HasExited, world.Resolver.ToString());
        Assert.True(
            end - half < 8 * Megabyte,
            $"Resident memory grew from {half / Megabyte} to {end / Megabyte} MB in the second half (seed {Seed})."
        );
        Assert.True(
            lost < Packets / Burst,
            $"{lost} asks were lost among {Packets / Burst} bursts (seed {Seed})."
        );
        Assert.Equal(
            ["203.0.113.99"],
            (await world.AskAsync("fresh.wild.example.com", "A")).Data("A")
        );
    }

    /// <summary>Asks for a cached name until it is answered; how many asks stayed without an answer.</summary>
    private async Task<int> AskUntilAnsweredAsync(Socket client, ushort id)
    {
        byte[] query = Frames.Query(id, "www.example.com", 1);
        byte[] buffer = new byte[2048];
        for (int attempt = 0; attempt < 30; attempt++)
        {
            await client.SendAsync(query, SocketFlags.None);
            using CancellationTokenSource second = new(TimeSpan.FromSeconds(1));
            try
            {
                while (true)
                {
                    int length = await client.ReceiveAsync(buffer, SocketFlags.None, second.Token);
                    if (
                        length > 12
                        && buffer[0] == query[0]
                        && buffer[1] == query[1]
                        && (buffer[3] & 15) == 0
                    )
                    {
                        return attempt;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Lost: packet queues are short. Ask again.
            }
            catch (SocketException)
            {
                // An ICMP error for an earlier ask.
            }
        }

        throw new TimeoutException(
            $"The image no longer answers (packet {id}, seed {Seed}, ended: {world.Resolver.HasExited}).\n{world.Resolver}"
        );
    }

    private static byte[][] Originals(byte[] image, byte[] gateway)
    {
        const string from = RootWorld.Gateway;
        const string to = RootWorld.ImageAddress;
        const string root = "198.41.0.4";

        // Not the gateway: who speaks for its address on the wire may well cut the image off, as on any network.
        const string other = "10.0.0.77";
        byte[] whole = Frames.Udp(image, gateway, from, 40000, to, 53, new byte[900]);
        return
        [
            Frames.Udp(image, gateway, from, 40001, to, 53, Frames.Query(1, "www.example.com", 1)),
            Frames.Udp(
                image,
                gateway,
                from,
                40002,
                to,
                53,
                Frames.Query(2, "a.b.wild.example.com", 16)
            ),
            Frames.Udp(
                image,
                gateway,
                from,
                40003,
                to,
                53,
                Frames.Query(3, "alias.example.com", 255)
            ),
            Frames.Udp(image, gateway, root, 53, to, 50000, Frames.Response(4, "www.example.com")),
            Frames.Udp(image, gateway, root, 53, to, 53, Frames.Response(5, "com")),
            Frames.Udp(image, gateway, from, 40004, to, 4000, "no port"u8),
            Frames.Echo(image, gateway, from, to, 56),
            Frames.Arp(image, gateway, request: true, other, to),
            Frames.Arp([255, 255, 255, 255, 255, 255], gateway, request: true, other, to),
            Frames.Arp(image, gateway, request: false, other, to),
            Fragment(whole, 0, more: true),
            Fragment(whole, 64, more: false),
        ];
    }

    private static byte[] Fragment(byte[] frame, ushort offsetInEights, bool more)
    {
        byte[] fragment = [.. frame];
        fragment[20] = (byte)((more ? 0x20 : 0) | (offsetInEights >> 8));
        fragment[21] = (byte)offsetInEights;
        Frames.FixChecksums(fragment);
        return fragment;
    }

    private static async Task<byte[]> NeighbourAsync(NetworkNamespace space, string address)
    {
        string text = (await space.RunAsync(Tools.Tool.Ip, "neigh", "show", address)).Output;
        string[] words = text.Split(' ');
        int at = Array.IndexOf(words, "lladdr");
        Assert.True(at >= 0, $"The namespace does not know the image's hardware address: {text}");
        return Convert.FromHexString(words[at + 1].Replace(":", "", StringComparison.Ordinal));
    }

    private static byte[] Mac(string device) =>
        System
            .Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .Single(link => link.Name == device)
            .GetPhysicalAddress()
            .GetAddressBytes();
}
