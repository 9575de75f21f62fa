using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Morgana.Net;

/// <summary>
/// The checksum of RFC 1071: the complement of the ones' complement sum of 16-bit words. Parts are added one after the other
/// as if they stood together in memory; a part of odd length is allowed anywhere.
/// </summary>
internal struct InternetChecksum
{
    // The sum does not depend on byte order (RFC 1071 section 2.B): it is kept in the machine's order and swapped at the end.
    private ulong _sum;
    private bool _odd;

    public void Add(ReadOnlySpan<byte> part)
    {
        ulong sum = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(part);
        foreach (ulong word in words)
        {
            sum += word;
            sum += sum < word ? 1UL : 0;
        }

        ulong last = 0;
        ReadOnlySpan<byte> rest = part[(words.Length * sizeof(ulong))..];
        for (int i = 0; i < rest.Length; i++)
        {
            last |= (ulong)rest[i] << 8 * (BitConverter.IsLittleEndian ? i : 7 - i);
        }

        sum += last;
        sum += sum < last ? 1UL : 0;
        // 33 bits a part: billions of parts fit. Only after a part of odd length must the bytes change places.
        _sum += _odd
            ? BinaryPrimitives.ReverseEndianness(Fold(sum))
            : (sum & 0xffff_ffff) + (sum >> 32);
        _odd ^= (part.Length & 1) != 0;
    }

    /// <summary>Adds a number as its two bytes in network order.</summary>
    public void Add(ushort value)
    {
        _sum +=
            _odd == BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>
    /// Adds what UDP and TCP sum in front of their segment: RFC 768 for IPv4, RFC 8200 section 8.1 for IPv6.
    /// </summary>
    public void AddPseudoHeader(
        IpAddress source,
        IpAddress destination,
        IpProtocol protocol,
        int length
    )
    {
        AddAddress(source);
        AddAddress(destination);
        Add((ushort)((uint)length >> 16));
        Add((ushort)length);
        Add((ushort)protocol);
    }

    /// <summary>
    /// The complement of the sum: what to write into a field that was summed as zero. Over data that holds its own right checksum
    /// the answer is 0.
    /// </summary>
    public readonly ushort Finish()
    {
        ushort folded = (ushort)~Fold(_sum);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }

    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        InternetChecksum checksum = default;
        checksum.Add(bytes);
        return checksum.Finish();
    }

    private void AddAddress(IpAddress address)
    {
        if (address.IsV4)
        {
            uint bits = address.ToUInt32();
            Add((ushort)(bits >> 16));
            Add((ushort)bits);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.Write(bytes);
        Add(bytes[..address.Size]);
    }

    private static ushort Fold(ulong sum)
    {
        sum = (sum & 0xffff_ffff) + (sum >> 32);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)sum;
    }
}
