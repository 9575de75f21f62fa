using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Devices;

/// <summary>A network device backed by a TAP interface of the host, or by a descriptor that the tender's parent opened.</summary>
internal static unsafe class NetworkDevice
{
    private const int NameSize = 16; // IFNAMSIZ
    private const int RequestSize = 40; // struct ifreq
    private const ushort Up = 1; // IFF_UP
    private const ushort Tap = 2; // IFF_TAP
    private const ushort NoPacketInformation = 0x1000; // IFF_NO_PI
    private const ushort VirtioHeader = 0x4000; // IFF_VNET_HDR
    private const nuint TunSetInterface = 0x400454ca; // TUNSETIFF
    private const nuint TunGetInterface = 0x800454d2; // TUNGETIFF
    private const nuint InterfaceFlags = 0x8913; // SIOCGIFFLAGS
    private const nuint InterfaceMtu = 0x8921; // SIOCGIFMTU
    private const nuint EthTool = 0x8946; // SIOCETHTOOL
    private const uint SetSegmentation = 0x24; // ETHTOOL_SGSO
    private const uint SetReceiveMerging = 0x2c; // ETHTOOL_SGRO
    private const ushort UsualMtu = 1500;

    /// <summary>Attaches to the interface or descriptor.</summary>
    /// <param name="name">The device's name.</param>
    /// <param name="handle">Its index in the manifest.</param>
    /// <param name="backing">A TAP interface's name, or <c>@</c> and a descriptor's number.</param>
    /// <param name="address">The value of <c>--net-mac</c>, or null for a random address.</param>
    /// <exception cref="TenderException">It cannot be used.</exception>
    public static AttachedDevice Attach(string name, int handle, string backing, string? address)
    {
        byte[] hardwareAddress = ReadAddress(name, address);
        (int descriptor, ushort mtu) =
            backing[0] == '@' ? UseDescriptor(name, backing) : UseInterface(name, backing);
        return new AttachedDevice
        {
            Name = name,
            Handle = handle,
            Descriptor = descriptor,
            HardwareAddress = hardwareAddress,
            Mtu = mtu,
        };
    }

    /// <summary>The number of an inherited descriptor. Asked before the tender opens anything, so that no number is mistaken.</summary>
    /// <exception cref="TenderException">It is not open, or not meant to be inherited.</exception>
    public static void CheckInherited(string name, string backing)
    {
        if (
            !int.TryParse(
                backing.AsSpan(1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int descriptor
            )
            || descriptor < 3
        )
        {
            throw new TenderException(
                $"--net:{name}: Could not attach interface: {backing}: after @ stands the number, from 3, of a TAP descriptor that the caller opened"
            );
        }

        // The runtime opens descriptors of its own, all of them close-on-exec; what was inherited is not.
        int flags = LinuxCalls.Control(descriptor, LinuxCalls.GetDescriptorFlags, 0);
        if (flags < 0 || (flags & LinuxCalls.CloseOnExec) != 0)
        {
            throw new TenderException(
                $"--net:{name}: Could not attach interface: {backing}: descriptor {descriptor} is not open; let the caller open it and pass it on (without close-on-exec)"
            );
        }
    }

    private static (int Descriptor, ushort Mtu) UseDescriptor(string name, string backing)
    {
        int descriptor = int.Parse(
            backing.AsSpan(1),
            NumberStyles.None,
            CultureInfo.InvariantCulture
        );
        int flags = LinuxCalls.Control(descriptor, LinuxCalls.GetStatusFlags, 0);
        if (
            flags < 0
            || LinuxCalls.Control(
                descriptor,
                LinuxCalls.SetStatusFlags,
                flags | LinuxCalls.OpenNonBlocking
            ) < 0
        )
        {
            throw Fail(name, backing, LinuxError.LastText);
        }

        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        fixed (byte* at = request)
        {
            if (LinuxCalls.DeviceControl(descriptor, TunGetInterface, at) < 0)
            {
                // Not a TAP device: a socket that carries frames, as tests and user-mode networks have.
                return (descriptor, UsualMtu);
            }
        }

        ushort kind = BinaryPrimitives.ReadUInt16LittleEndian(request[NameSize..]);
        if ((kind & Tap) == 0 || (kind & NoPacketInformation) == 0 || (kind & VirtioHeader) != 0)
        {
            throw Fail(
                name,
                backing,
                "the descriptor is not a plain TAP device; open it with IFF_TAP | IFF_NO_PI and without IFF_VNET_HDR"
            );
        }

        // The interface may be in another network namespace, where its MTU cannot be asked for.
        using var socket = new ControlSocket(name, backing);
        return (descriptor, socket.TryGetMtu(request) is ushort mtu ? mtu : UsualMtu);
    }

    private static (int Descriptor, ushort Mtu) UseInterface(string name, string backing)
    {
        int length = Encoding.UTF8.GetByteCount(backing);
        if (length >= NameSize)
        {
            throw Fail(name, backing, $"an interface's name has at most {NameSize - 1} characters");
        }

        Span<byte> request = stackalloc byte[RequestSize];
        using var socket = new ControlSocket(name, backing);
        SetName(request, backing);

        // TUNSETIFF makes an interface that is not there, which is not what was asked for.
        ushort flags = socket.GetFlags(request);
        if ((flags & Up) == 0)
        {
            throw Fail(
                name,
                backing,
                $"the interface is down; bring it up: ip link set {backing} up"
            );
        }

        int descriptor = LinuxFile.Open(
            "/dev/net/tun",
            LinuxCalls.OpenReadWrite | LinuxCalls.OpenNonBlocking
        );
        if (descriptor < 0)
        {
            throw Fail(
                name,
                backing,
                $"/dev/net/tun: {LinuxError.LastText}; is the tun module loaded, and may this user open it?"
            );
        }

        SetName(request, backing);
        BinaryPrimitives.WriteUInt16LittleEndian(request[NameSize..], Tap | NoPacketInformation);
        fixed (byte* at = request)
        {
            if (LinuxCalls.DeviceControl(descriptor, TunSetInterface, at) < 0)
            {
                throw Fail(
                    name,
                    backing,
                    LinuxError.Last switch
                    {
                        LinuxError.Busy =>
                            "the interface is in use already, by another process or another --net option",
                        LinuxError.NotPermitted =>
                            $"not permitted; run as root, or give the interface to this user: ip tuntap add {backing} mode tap user $USER",
                        LinuxError.Invalid =>
                            "it is not a TAP interface; make one: ip tuntap add NAME mode tap",
                        _ => LinuxError.LastText,
                    }
                );
            }
        }

        int end = request[..NameSize].IndexOf((byte)0);
        if (Encoding.UTF8.GetString(request[..end]) != backing)
        {
            throw Fail(
                name,
                backing,
                "the kernel takes the name for a pattern; give the interface's own name"
            );
        }

        ushort mtu =
            socket.TryGetMtu(request)
            ?? throw Fail(name, backing, $"its MTU is not known: {LinuxError.LastText}");
        socket.TryDisableMerging(request, backing);
        return (descriptor, mtu);
    }

    private static void SetName(Span<byte> request, string name)
    {
        request.Clear();
        _ = Encoding.UTF8.GetBytes(name, request);
    }

    private static byte[] ReadAddress(string name, string? text)
    {
        byte[] address = new byte[6];
        if (text is not null)
        {
            if (!TryReadAddress(text, address) || (address[0] & 1) != 0)
            {
                throw new TenderException(
                    $"--net-mac:{name}: '{text}' is not an interface's hardware address; give six pairs of hexadecimal digits, the first pair even, as in 02:00:5e:10:00:01"
                );
            }

            if (address.AsSpan().ContainsAnyExcept((byte)0))
            {
                return address;
            }
        }

        fixed (byte* at = address)
        {
            if (LinuxCalls.Random(at, 6, 0) != 6)
            {
                throw new TenderException(
                    $"--net:{name}: no random hardware address: {LinuxError.LastText}; give one with --net-mac:{name}="
                );
            }
        }

        // Locally administered, and not a group.
        address[0] = (byte)(address[0] & 0xfe | 0x02);
        return address;
    }

    private static bool TryReadAddress(string text, Span<byte> address)
    {
        if (text.Length != 17)
        {
            return false;
        }

        for (int i = 0; i < 6; i++)
        {
            if (
                (i < 5 && text[3 * i + 2] != ':')
                || !byte.TryParse(
                    text.AsSpan(3 * i, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out address[i]
                )
            )
            {
                return false;
            }
        }

        return true;
    }

    private static TenderException Fail(string name, string backing, string why) =>
        new($"--net:{name}: Could not attach interface: {backing}: {why}");

    /// <summary>A socket for asking the kernel about interfaces.</summary>
    private readonly ref struct ControlSocket
    {
        private readonly string _name;
        private readonly string _backing;
        private readonly int _descriptor;

        public ControlSocket(string name, string backing)
        {
            const int InternetFamily = 2;
            const int Datagram = 2;
            const int CloseOnExec = 0x80000;
            _name = name;
            _backing = backing;
            _descriptor = LinuxCalls.Socket(InternetFamily, Datagram | CloseOnExec, 0);
            if (_descriptor < 0)
            {
                throw Fail(name, backing, $"no socket: {LinuxError.LastText}");
            }
        }

        public void Dispose() => _ = LinuxCalls.Close(_descriptor);

        public ushort GetFlags(Span<byte> request)
        {
            fixed (byte* at = request)
            {
                if (LinuxCalls.DeviceControl(_descriptor, InterfaceFlags, at) < 0)
                {
                    throw Fail(
                        _name,
                        _backing,
                        $"there is no such interface; make it: ip tuntap add {_backing} mode tap, and ip link set {_backing} up"
                    );
                }
            }

            return BinaryPrimitives.ReadUInt16LittleEndian(request[NameSize..]);
        }

        public ushort? TryGetMtu(Span<byte> request)
        {
            request[NameSize..].Clear();
            fixed (byte* at = request)
            {
                if (LinuxCalls.DeviceControl(_descriptor, InterfaceMtu, at) < 0)
                {
                    return null;
                }
            }

            return (ushort)
                Math.Min(
                    BinaryPrimitives.ReadInt32LittleEndian(request[NameSize..]),
                    ushort.MaxValue
                );
        }

        // Without a virtio header the kernel would still hand merged frames over that are larger than the MTU, and a guest's
        // buffer cuts them. Changing it needs rights over the interface; without them it stays as its owner set it.
        public void TryDisableMerging(Span<byte> request, string interfaceName)
        {
            Span<uint> value = stackalloc uint[2];
            fixed (uint* setting = value)
            fixed (byte* at = request)
            {
                foreach (uint command in (ReadOnlySpan<uint>)[SetReceiveMerging, SetSegmentation])
                {
                    setting[0] = command;
                    setting[1] = 0;
                    SetName(request, interfaceName);
                    BinaryPrimitives.WriteUInt64LittleEndian(request[NameSize..], (ulong)setting);
                    _ = LinuxCalls.DeviceControl(_descriptor, EthTool, at);
                }
            }
        }
    }
}
