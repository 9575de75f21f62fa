using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>Numbers that nobody can predict, drawn from the generator a block at a time.</summary>
internal sealed class RandomNumbers(IRandom random)
{
    private readonly byte[] _block = new byte[256];
    private int _used = 256;

    public ushort NextUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint NextUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A number from 0 to below <paramref name="bound"/>, which is small: the bias is below bound / 2^32.</summary>
    public int Below(int bound) => (int)((ulong)NextUInt32() * (uint)bound >> 32);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_used + count > _block.Length)
        {
            random.Fill(_block);
            _used = 0;
        }

        Span<byte> taken = _block.AsSpan(_used, count);
        _used += count;
        return taken;
    }
}
