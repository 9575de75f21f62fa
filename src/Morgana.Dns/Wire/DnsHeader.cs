using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The header of a message (RFC 1035 section 4.1.1).</summary>
/// <param name="Id">Pairs an answer with its question.</param>
/// <param name="Flags">The one-bit fields.</param>
/// <param name="Opcode">What kind of question it is.</param>
/// <param name="ResponseCode">The four bits of the header; EDNS may add eight more (<see cref="EdnsView.ExtendResponseCode"/>).</param>
/// <param name="QuestionCount">Questions, 0 to 65,535.</param>
/// <param name="AnswerCount">Records in the answer section, 0 to 65,535.</param>
/// <param name="AuthorityCount">Records in the authority section, 0 to 65,535.</param>
/// <param name="AdditionalCount">Records in the additional section, 0 to 65,535.</param>
public readonly record struct DnsHeader(
    ushort Id,
    HeaderFlags Flags,
    Opcode Opcode = Opcode.Query,
    ResponseCode ResponseCode = ResponseCode.NoError,
    ushort QuestionCount = 0,
    ushort AnswerCount = 0,
    ushort AuthorityCount = 0,
    ushort AdditionalCount = 0
)
{
    /// <summary>Length on the wire in bytes.</summary>
    public const int Size = 12;

    private const ushort FlagBits = 0x87f0;

    /// <summary>True for an answer.</summary>
    public bool IsResponse => (Flags & HeaderFlags.Response) != 0;

    /// <summary>True when the message was cut to fit.</summary>
    public bool IsTruncated => (Flags & HeaderFlags.Truncated) != 0;

    /// <summary>Reads a header.</summary>
    /// <returns>False when there are fewer than <see cref="Size"/> bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        if (message.Length < Size)
        {
            header = default;
            return false;
        }

        ushort bits = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            (HeaderFlags)(bits & FlagBits),
            (Opcode)(bits >> 11 & 0xf),
            (ResponseCode)(bits & 0xf),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..])
        );
        return true;
    }

    /// <summary>Writes the header; of the response code only the low four bits.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Id);
        BinaryPrimitives.WriteUInt16BigEndian(
            destination[2..],
            (ushort)((int)Flags & FlagBits | ((int)Opcode & 0xf) << 11 | (int)ResponseCode & 0xf)
        );
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], QuestionCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], AnswerCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], AuthorityCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], AdditionalCount);
    }
}
