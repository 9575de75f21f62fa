namespace Morgana.Dns;

/// <summary>A set of record types as NSEC, NSEC3 and CSYNC have it (RFC 4034 section 4.1.2); to go through with foreach, in increasing order.</summary>
public readonly ref struct TypeBitmapView
{
    private readonly ReadOnlySpan<byte> _windows;

    internal TypeBitmapView(ReadOnlySpan<byte> windows) => _windows = windows;

    /// <summary>True when the type is in the set.</summary>
    public bool Contains(RecordType type)
    {
        ReadOnlySpan<byte> rest = _windows;
        while (!rest.IsEmpty)
        {
            int length = rest[1];
            if (rest[0] == (int)type >> 8)
            {
                int low = (int)type & 0xff;
                return low / 8 < length && (rest[2 + low / 8] & 0x80 >> low % 8) != 0;
            }

            rest = rest[(2 + length)..];
        }

        return false;
    }

    /// <summary>The types in increasing order.</summary>
    public Enumerator GetEnumerator() => new(_windows);

    /// <summary>Goes through the types.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _bit;

        internal Enumerator(ReadOnlySpan<byte> windows)
        {
            _rest = windows;
            _bit = -1;
        }

        /// <summary>The type.</summary>
        public readonly RecordType Current => (RecordType)(_rest[0] << 8 | _bit);

        /// <summary>Goes to the next type; false after the last.</summary>
        public bool MoveNext()
        {
            while (!_rest.IsEmpty)
            {
                int bits = 8 * _rest[1];
                while (++_bit < bits)
                {
                    if ((_rest[2 + _bit / 8] & 0x80 >> _bit % 8) != 0)
                    {
                        return true;
                    }
                }

                _rest = _rest[(2 + _rest[1])..];
                _bit = -1;
            }

            return false;
        }
    }
}
