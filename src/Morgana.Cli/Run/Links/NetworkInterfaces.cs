using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Run.Links;

/// <summary>
/// Sets up the interfaces of the network namespace that the calling thread is in, through rtnetlink: no <c>ip</c>
/// tool is needed. Every failure is a <see cref="RunException"/> that names the step.
/// </summary>
internal static unsafe class NetworkInterfaces
{
    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const ushort NewAddress = 20;
    private const ushort NewRoute = 24;
    private const ushort SetNeighbourTable = 67;
    private const ushort Create = 0x400;
    private const ushort Exclusive = 0x200;

    /// <summary>The kernel's number of the interface <paramref name="name"/>.</summary>
    public static int IndexOf(string name)
    {
        uint index = Syscalls.InterfaceIndex(name);
        return index != 0
            ? (int)index
            : throw new RunException($"There is no network interface {name}.");
    }

    /// <summary>Brings an interface up.</summary>
    public static void BringUp(int index) =>
        Carry(
            new NetlinkRequest(NewLink, 0).LinkBody(index, flags: 1, change: 1),
            "bring an interface up"
        );

    /// <summary>Removes an interface; nothing when it is gone already.</summary>
    public static void Remove(int index) =>
        _ = Exchange(new NetlinkRequest(DeleteLink, 0).LinkBody(index));

    /// <summary>Gives an interface an IPv4 address.</summary>
    public static void AddAddress(int index, IPAddress address, int prefixLength)
    {
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        Span<byte> body = stackalloc byte[8];
        body.Clear();
        body[0] = 2;
        body[1] = (byte)prefixLength;
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], index);
        Carry(
            new NetlinkRequest(NewAddress, Create | Exclusive)
                .Body(body)
                .Attribute(2, address) // IFA_LOCAL
                .Attribute(1, address), // IFA_ADDRESS
            $"give an interface the address {address}/{prefixLength}"
        );
    }

    /// <summary>
    /// Adds an on-link IPv4 route. False when the table already holds a route to exactly that destination, which is
    /// then left alone.
    /// </summary>
    public static bool TryAddRoute(
        IPAddress destination,
        int prefixLength,
        int index,
        IPAddress? source = null
    )
    {
        // struct rtmsg: family, destination length, source length, TOS, table (main), protocol (static), scope
        // (link), type (unicast), flags.
        Span<byte> body = stackalloc byte[12];
        body.Clear();
        body[0] = 2;
        body[1] = (byte)prefixLength;
        body[4] = 254;
        body[5] = 4;
        body[6] = 253;
        body[7] = 1;
        NetlinkRequest request = new NetlinkRequest(NewRoute, Create | Exclusive)
            .Body(body)
            .Attribute(1, destination) // RTA_DST
            .Attribute(4, index); // RTA_OIF
        if (source is not null)
        {
            request.Attribute(7, source); // RTA_PREFSRC
        }

        int error = Exchange(request);
        return error switch
        {
            0 => true,
            Syscalls.ErrorExists => false,
            _ => throw Failure($"add a route to {destination}/{prefixLength}", error),
        };
    }

    /// <summary>
    /// Creates a pair of joined interfaces: <paramref name="name"/> in this namespace, <paramref name="peer"/> in the
    /// namespace that <paramref name="peerNamespace"/> is a descriptor of. When that namespace ends, both vanish.
    /// </summary>
    public static void CreatePair(string name, string peer, int peerNamespace) =>
        Carry(
            new NetlinkRequest(NewLink, Create | Exclusive)
                .LinkBody(0)
                .Attribute(3, name) // IFLA_IFNAME
                .Nested(
                    18, // IFLA_LINKINFO
                    info =>
                        info.Attribute(1, "veth") // IFLA_INFO_KIND
                            .Nested(
                                2, // IFLA_INFO_DATA
                                data =>
                                    data.Nested(
                                        1, // VETH_INFO_PEER
                                        other =>
                                            other
                                                .LinkBody(0)
                                                .Attribute(3, peer)
                                                .Attribute(28, peerNamespace) // IFLA_NET_NS_FD
                                    )
                            )
                ),
            $"create the interface pair {name} and {peer}"
        );

    /// <summary>
    /// Lets IPv4 packets that arrive on an interface travel on to others, and optionally answers ARP asks there for
    /// the addresses that lie behind the others. (The same as <c>net.ipv4.conf.X.forwarding</c> and
    /// <c>proxy_arp</c>, but it also works where <c>/proc/sys</c> is read-only, as it is in many containers.)
    /// </summary>
    public static void EnableForwarding(int index, bool proxyArp) =>
        Carry(
            new NetlinkRequest(NewLink, 0)
                .LinkBody(index)
                .Nested(
                    26, // IFLA_AF_SPEC
                    specification =>
                        specification.Nested(
                            2, // AF_INET
                            family =>
                                family.Nested(
                                    1, // IFLA_INET_CONF
                                    settings =>
                                    {
                                        settings.Attribute(1, 1); // IPV4_DEVCONF_FORWARDING
                                        if (proxyArp)
                                        {
                                            settings.Attribute(3, 1); // IPV4_DEVCONF_PROXY_ARP
                                        }
                                    }
                                )
                        )
                ),
            "let an interface forward packets"
        );

    /// <summary>Answers for others' addresses at once, without the up to 0.8 s that <c>proxy_delay</c> waits by default.</summary>
    public static void AnswerArpAtOnce(int index) =>
        Carry(
            new NetlinkRequest(SetNeighbourTable, 0)
                .Body([2, 0, 0, 0]) // struct ndtmsg: AF_INET
                .Attribute(1, "arp_cache") // NDTA_NAME
                .Nested(
                    6, // NDTA_PARMS
                    parameters =>
                        parameters
                            .Attribute(1, index) // NDTPA_IFINDEX
                            .Attribute(13, stackalloc byte[8]) // NDTPA_PROXY_DELAY, milliseconds in 64 bits
                ),
            "set how fast an interface answers ARP"
        );

    private static void Carry(NetlinkRequest request, string step)
    {
        int error = Exchange(request);
        if (error != 0)
        {
            throw Failure(step, error);
        }
    }

    private static RunException Failure(string step, int error) =>
        new(
            $"The network cannot be set up: the kernel refused to {step} ({Syscalls.ErrorText(error)}). "
                + "Give a ready TAP device with --net:NAME=TAP instead."
        );

    private static int Exchange(NetlinkRequest request)
    {
        const int routeProtocol = 0;
        int descriptor = Syscalls.Socket(
            Syscalls.FamilyNetlink,
            Syscalls.TypeRaw | Syscalls.TypeCloseOnExec,
            routeProtocol
        );
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            ReadOnlySpan<byte> message = request.Bytes;
            Span<byte> answer = stackalloc byte[4096];
            fixed (byte* sent = message)
            fixed (byte* received = answer)
            {
                if (Syscalls.Send(descriptor, sent, (nuint)message.Length, 0) < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                nint count = Syscalls.Receive(descriptor, received, (nuint)answer.Length, 0);
                if (count < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                // NLMSG_ERROR: the header, then a negative error number or zero.
                return count >= 20 ? -BinaryPrimitives.ReadInt32LittleEndian(answer[16..]) : 71;
            }
        }
        finally
        {
            _ = Syscalls.Close(descriptor);
        }
    }
}
