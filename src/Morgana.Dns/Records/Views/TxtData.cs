namespace Morgana.Dns;

/// <summary>The data of TXT and SPF (RFC 1035 section 3.3.14): one or more strings of 0 to 255 bytes, to go through with foreach.</summary>
public readonly ref struct TxtData
{
    private readonly ReadOnlySpan<byte> _strings;

    private TxtData(ReadOnlySpan<byte> strings) => _strings = strings;

    /// <summary>Reads the strings in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out TxtData result)
    {
        bool good = data.Type is RecordType.Txt or RecordType.Spf && data.IsWellFormed;
        result = good ? new TxtData(data.Raw) : default;
        return good;
    }

    /// <summary>The strings, in order.</summary>
    public Enumerator GetEnumerator() => new(_strings);

    /// <summary>Goes through the strings.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> strings)
        {
            _rest = strings;
            Current = default;
        }

        /// <summary>The string, 0 to 255 bytes.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next string; false after the last.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            Current = _rest.Slice(1, _rest[0]);
            _rest = _rest[(_rest[0] + 1)..];
            return true;
        }
    }
}
