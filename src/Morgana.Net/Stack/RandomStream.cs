using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>Draws small numbers from an <see cref="IRandom"/> in blocks, so that one number does not cost one call.</summary>
internal sealed class RandomStream(IRandom random)
{
    private readonly byte[] _block = new byte[256];
    private int _position = 256;

    public ushort NextUInt16()
    {
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        return value;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, each as likely as the next to within 2^-32 * bound.</summary>
    public int NextBelow(int bound)
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        return (int)((ulong)value * (uint)bound >> 32);
    }

    /// <summary>A time from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    public TimeSpan NextBetween(TimeSpan minimum, TimeSpan maximum) =>
        minimum
        + TimeSpan.FromMilliseconds(NextBelow((int)(maximum - minimum).TotalMilliseconds + 1));

    private Span<byte> Take(int count)
    {
        if (_position + count > _block.Length)
        {
            random.Fill(_block);
            _position = 0;
        }

        Span<byte> bytes = _block.AsSpan(_position, count);
        _position += count;
        return bytes;
    }
}
