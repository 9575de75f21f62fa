using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Morgana.Dns;

/// <summary>
/// Case-blind comparison and hashing of names in wire form. Lengths of labels are at most 63 and so never look like
/// the letters A to Z (65 to 90): the whole wire form can be folded to lower case without telling lengths from letters.
/// </summary>
internal static class NameBytes
{
    // Names come from the network and end in hash tables: an unkeyed hash would let a stranger fill one bucket.
    private static readonly (ulong K0, ulong K1) Key = NewKey();

    /// <summary>Folds A-Z to a-z (RFC 4343) in eight bytes at once; other bytes stay.</summary>
    public static ulong ToLower(ulong bytes)
    {
        ulong low7 = bytes & 0x7f7f_7f7f_7f7f_7f7f;
        ulong aboveZ = low7 + 0x2525_2525_2525_2525; // 0x80 - ('Z' + 1) in each byte
        ulong fromA = low7 + 0x3f3f_3f3f_3f3f_3f3f; // 0x80 - 'A' in each byte
        ulong upper = ~bytes & (fromA ^ aboveZ) & 0x8080_8080_8080_8080;
        return bytes | upper >> 2;
    }

    /// <summary>Folds A-Z to a-z (RFC 4343).</summary>
    public static byte ToLower(byte value) =>
        (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;

    /// <summary>Folds in place.</summary>
    public static void ToLower(Span<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(
                bytes,
                ToLower(BinaryPrimitives.ReadUInt64LittleEndian(bytes))
            );
            bytes = bytes[8..];
        }

        foreach (ref byte b in bytes)
        {
            b = ToLower(b);
        }
    }

    /// <summary>True when the two differ in nothing but the case of A-Z.</summary>
    public static bool EqualIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        while (left.Length >= 8)
        {
            ulong l = BinaryPrimitives.ReadUInt64LittleEndian(left);
            ulong r = BinaryPrimitives.ReadUInt64LittleEndian(right);
            if (l != r && ToLower(l) != ToLower(r))
            {
                return false;
            }

            left = left[8..];
            right = right[8..];
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (ToLower(left[i]) != ToLower(right[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>SipHash-1-3 of the bytes folded to lower case, under a key drawn when the program starts.</summary>
    public static int Hash(ReadOnlySpan<byte> wire)
    {
        ulong v0 = Key.K0 ^ 0x736f6d6570736575;
        ulong v1 = Key.K1 ^ 0x646f72616e646f6d;
        ulong v2 = Key.K0 ^ 0x6c7967656e657261;
        ulong v3 = Key.K1 ^ 0x7465646279746573;
        ulong last = (ulong)wire.Length << 56;
        while (wire.Length >= 8)
        {
            ulong block = ToLower(BinaryPrimitives.ReadUInt64LittleEndian(wire));
            v3 ^= block;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= block;
            wire = wire[8..];
        }

        for (int i = 0; i < wire.Length; i++)
        {
            last |= (ulong)ToLower(wire[i]) << 8 * i;
        }

        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xff;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        ulong hash = v0 ^ v1 ^ v2 ^ v3;
        return (int)(hash ^ hash >> 32);

        // Left as a call, it would keep the four words in memory.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }

    /// <summary>The order of RFC 4034 section 6.1: label by label from the root, each as lower-case octets.</summary>
    public static int CompareCanonically(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> leftStarts = stackalloc byte[DnsName.MaxLabels];
        Span<byte> rightStarts = stackalloc byte[DnsName.MaxLabels];
        int l = Starts(left, leftStarts);
        int r = Starts(right, rightStarts);
        while (l > 0 && r > 0)
        {
            int order = CompareLabels(
                LabelAt(left, leftStarts[--l]),
                LabelAt(right, rightStarts[--r])
            );
            if (order != 0)
            {
                return order;
            }
        }

        return l.CompareTo(r);

        static int Starts(ReadOnlySpan<byte> wire, Span<byte> starts)
        {
            int count = 0;
            for (int at = 0; wire[at] != 0; at += wire[at] + 1)
            {
                starts[count++] = (byte)at;
            }

            return count;
        }

        static ReadOnlySpan<byte> LabelAt(ReadOnlySpan<byte> wire, int at) =>
            wire.Slice(at + 1, wire[at]);
    }

    private static int CompareLabels(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            int order = ToLower(left[i]) - ToLower(right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length - right.Length;
    }

    private static (ulong, ulong) NewKey()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        return (
            BinaryPrimitives.ReadUInt64LittleEndian(key),
            BinaryPrimitives.ReadUInt64LittleEndian(key[8..])
        );
    }
}
