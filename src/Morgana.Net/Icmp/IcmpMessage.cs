using System.Buffers.Binary;

namespace Morgana.Net;

/// <summary>A view of an ICMP message (RFC 792) whose checksum has been verified.</summary>
internal readonly ref struct IcmpMessage
{
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public IcmpType Type => (IcmpType)_bytes[0];

    public byte Code => _bytes[1];

    /// <summary>Bytes 4 to 7, whose meaning depends on the type: identifier and sequence number of an echo.</summary>
    public uint Rest => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        out IcmpMessage message,
        out DropReason reason
    )
    {
        message = default;
        reason = DropReason.None;
        if (bytes.Length < HeaderLength)
        {
            reason = DropReason.IcmpTruncated;
            return false;
        }

        if (InternetChecksum.Compute(bytes) != 0)
        {
            reason = DropReason.IcmpBadChecksum;
            return false;
        }

        message = new IcmpMessage(bytes);
        return true;
    }

    /// <summary>Writes the <see cref="HeaderLength"/> bytes of a header; the checksum covers two parts of payload after it.</summary>
    public static void WriteHeader(
        Span<byte> bytes,
        IcmpType type,
        byte code,
        uint rest,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<byte> morePayload = default
    )
    {
        bytes[0] = (byte)type;
        bytes[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], rest);
        InternetChecksum checksum = default;
        checksum.Add(bytes[..HeaderLength]);
        checksum.Add(payload);
        checksum.Add(morePayload);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], checksum.Finish());
    }
}
