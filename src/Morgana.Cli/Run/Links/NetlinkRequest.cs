using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Morgana.Cli.Run.Links;

/// <summary>
/// Builds one rtnetlink request (RFC 3549; layouts of <c>linux/rtnetlink.h</c>): a netlink header, a fixed body and
/// attributes padded to four bytes, which may nest. It knows no socket, so tests can read what it wrote.
/// </summary>
internal sealed class NetlinkRequest
{
    private const int HeaderLength = 16;

    // NLM_F_REQUEST | NLM_F_ACK: every request is answered with an error number, zero when it was carried out.
    private const ushort RequestAndAcknowledge = 0x0005;

    private byte[] buffer = new byte[256];
    private int length = HeaderLength;

    /// <summary>Starts a request of type <paramref name="type"/> (RTM_...) with more flags (NLM_F_...).</summary>
    public NetlinkRequest(ushort type, ushort flags)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(
            buffer.AsSpan(6),
            (ushort)(flags | RequestAndAcknowledge)
        );
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(8), 1);
    }

    /// <summary>The finished message.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer, (uint)length);
            return buffer.AsSpan(0, length);
        }
    }

    /// <summary>Appends a fixed body such as <c>ifinfomsg</c>.</summary>
    public NetlinkRequest Body(ReadOnlySpan<byte> body)
    {
        body.CopyTo(Grow(Align(body.Length)));
        return this;
    }

    /// <summary>Appends the body of link requests: <c>struct ifinfomsg</c>.</summary>
    public NetlinkRequest LinkBody(int index, uint flags = 0, uint change = 0)
    {
        Span<byte> body = stackalloc byte[16];
        body.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], change);
        return Body(body);
    }

    /// <summary>Appends an attribute.</summary>
    public NetlinkRequest Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> place = Grow(Align(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], type);
        value.CopyTo(place[4..]);
        return this;
    }

    /// <summary>Appends an attribute of four bytes in the machine's order.</summary>
    public NetlinkRequest Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Appends a string with its terminator.</summary>
    public NetlinkRequest Attribute(ushort type, string value) =>
        Attribute(type, Encoding.ASCII.GetBytes(value + "\0"));

    /// <summary>Appends an address in network order.</summary>
    public NetlinkRequest Attribute(ushort type, IPAddress value) =>
        Attribute(type, value.GetAddressBytes());

    /// <summary>Appends an attribute whose value is what <paramref name="inner"/> appends.</summary>
    public NetlinkRequest Nested(ushort type, Action<NetlinkRequest> inner)
    {
        int start = length;
        Span<byte> header = Grow(4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], type);
        inner(this);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(start), (ushort)(length - start));
        return this;
    }

    private static int Align(int size) => (size + 3) & ~3;

    private Span<byte> Grow(int size)
    {
        if (length + size > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size));
        }

        Span<byte> place = buffer.AsSpan(length, size);
        place.Clear();
        length += size;
        return place;
    }
}
