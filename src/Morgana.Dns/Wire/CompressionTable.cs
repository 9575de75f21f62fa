using System.Runtime.CompilerServices;

namespace Morgana.Dns;

/// <summary>
/// Where in the message that is being written names and their ancestors stand. A small table inside the writer: when it is
/// full, further names are not remembered, which costs bytes but is never wrong.
/// </summary>
internal struct CompressionTable
{
    private const int Capacity = 96;

    private Offsets _offsets;
    private Lengths _lengths;
    private int _count;

    /// <summary>The place of a name equal to this one, whatever the case; -1 when there is none.</summary>
    public readonly int Find(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        byte key = Key(name);
        for (int i = 0; i < _count; i++)
        {
            if (_lengths[i] == key && WireName.Matches(message, _offsets[i], name))
            {
                return _offsets[i];
            }
        }

        return -1;
    }

    /// <summary>Remembers where a name stands.</summary>
    public void Add(int offset, ReadOnlySpan<byte> name)
    {
        if (_count < Capacity && offset <= WireName.MaxPointer)
        {
            _offsets[_count] = (ushort)offset;
            _lengths[_count++] = Key(name);
        }
    }

    /// <summary>Forgets the names from this offset on: they were taken back.</summary>
    public void Forget(int offset)
    {
        while (_count > 0 && _offsets[_count - 1] >= offset)
        {
            _count--;
        }
    }

    // Most names differ in their length or their first letter: a comparison is only made of the likely ones.
    private static byte Key(ReadOnlySpan<byte> name) =>
        (byte)(name.Length * 31 ^ NameBytes.ToLower(name[1]));

    [InlineArray(Capacity)]
    private struct Offsets
    {
        private ushort _first;
    }

    [InlineArray(Capacity)]
    private struct Lengths
    {
        private byte _first;
    }
}
