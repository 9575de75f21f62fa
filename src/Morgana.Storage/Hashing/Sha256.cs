using System.Buffers.Binary;
using System.Numerics;

namespace Morgana.Storage.Hashing;

/// <summary>
/// SHA-256 (FIPS 180-4) piece by piece. .NET's own leans on the operating system's cryptography, which an image has not.
/// </summary>
internal sealed class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    private const int BlockSize = 64;

    private static ReadOnlySpan<uint> Constants =>
        [
            0x428a2f98,
            0x71374491,
            0xb5c0fbcf,
            0xe9b5dba5,
            0x3956c25b,
            0x59f111f1,
            0x923f82a4,
            0xab1c5ed5,
            0xd807aa98,
            0x12835b01,
            0x243185be,
            0x550c7dc3,
            0x72be5d74,
            0x80deb1fe,
            0x9bdc06a7,
            0xc19bf174,
            0xe49b69c1,
            0xefbe4786,
            0x0fc19dc6,
            0x240ca1cc,
            0x2de92c6f,
            0x4a7484aa,
            0x5cb0a9dc,
            0x76f988da,
            0x983e5152,
            0xa831c66d,
            0xb00327c8,
            0xbf597fc7,
            0xc6e00bf3,
            0xd5a79147,
            0x06ca6351,
            0x14292967,
            0x27b70a85,
            0x2e1b2138,
            0x4d2c6dfc,
            0x53380d13,
            0x650a7354,
            0x766a0abb,
            0x81c2c92e,
            0x92722c85,
            0xa2bfe8a1,
            0xa81a664b,
            0xc24b8b70,
            0xc76c51a3,
            0xd192e819,
            0xd6990624,
            0xf40e3585,
            0x106aa070,
            0x19a4c116,
            0x1e376c08,
            0x2748774c,
            0x34b0bcb5,
            0x391c0cb3,
            0x4ed8aa4a,
            0x5b9cca4f,
            0x682e6ff3,
            0x748f82ee,
            0x78a5636f,
            0x84c87814,
            0x8cc70208,
            0x90befffa,
            0xa4506ceb,
            0xbef9a3f7,
            0xc67178f2,
        ];

    private static ReadOnlySpan<uint> Initial =>
        [
            0x6a09e667,
            0xbb67ae85,
            0x3c6ef372,
            0xa54ff53a,
            0x510e527f,
            0x9b05688c,
            0x1f83d9ab,
            0x5be0cd19,
        ];

    private readonly uint[] _state = Initial.ToArray();
    private readonly byte[] _rest = new byte[BlockSize];
    private int _restSize;
    private ulong _size;

    /// <summary>The digest of all that has been added; nothing can be added afterwards.</summary>
    public void Finish(Span<byte> digest)
    {
        ulong bits = _size * 8;
        Span<byte> end = stackalloc byte[2 * BlockSize];
        end.Clear();
        end[0] = 0x80;
        int padding = (_restSize < BlockSize - 8 ? BlockSize : 2 * BlockSize) - _restSize;
        BinaryPrimitives.WriteUInt64BigEndian(end[(padding - 8)..], bits);
        Add(end[..padding]);
        for (int i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _state[i]);
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _size += (ulong)bytes.Length;
        if (_restSize > 0)
        {
            int part = Math.Min(BlockSize - _restSize, bytes.Length);
            bytes[..part].CopyTo(_rest.AsSpan(_restSize));
            _restSize += part;
            bytes = bytes[part..];
            if (_restSize < BlockSize)
            {
                return;
            }

            Take(_rest);
            _restSize = 0;
        }

        for (; bytes.Length >= BlockSize; bytes = bytes[BlockSize..])
        {
            Take(bytes);
        }

        bytes.CopyTo(_rest);
        _restSize = bytes.Length;
    }

    private void Take(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int i = 0; i < 16; i++)
        {
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (int i = 16; i < 64; i++)
        {
            uint x = w[i - 15];
            uint y = w[i - 2];
            w[i] =
                w[i - 16]
                + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3))
                + w[i - 7]
                + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
        }

        uint a = _state[0];
        uint b = _state[1];
        uint c = _state[2];
        uint d = _state[3];
        uint e = _state[4];
        uint f = _state[5];
        uint g = _state[6];
        uint h = _state[7];
        ReadOnlySpan<uint> k = Constants;
        for (int i = 0; i < 64; i++)
        {
            uint t1 =
                h
                + (
                    BitOperations.RotateRight(e, 6)
                    ^ BitOperations.RotateRight(e, 11)
                    ^ BitOperations.RotateRight(e, 25)
                )
                + ((e & f) ^ (~e & g))
                + k[i]
                + w[i];
            uint t2 =
                (
                    BitOperations.RotateRight(a, 2)
                    ^ BitOperations.RotateRight(a, 13)
                    ^ BitOperations.RotateRight(a, 22)
                ) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }

        _state[0] += a;
        _state[1] += b;
        _state[2] += c;
        _state[3] += d;
        _state[4] += e;
        _state[5] += f;
        _state[6] += g;
        _state[7] += h;
    }
}
