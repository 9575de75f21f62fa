using System.Diagnostics.CodeAnalysis;

namespace Morgana.Dns;

/// <summary>
/// The data of one record on the heap: its type and its uncompressed wire form. Kept raw, because what caches, zones and
/// servers do with data is to copy it; typed views (<c>MxData</c> and so on) read fields where they lie.
/// </summary>
public readonly struct RData : IEquatable<RData>
{
    /// <summary>Longest data of a record in bytes (RFC 1035 section 3.2.1: a 16-bit length).</summary>
    public const int MaxLength = ushort.MaxValue;

    private readonly byte[]? _wire;

    private RData(RecordType type, byte[] wire)
    {
        Type = type;
        _wire = wire;
    }

    /// <summary>The type of the record that holds the data.</summary>
    public RecordType Type { get; }

    /// <summary>The uncompressed wire form, 0 to 65,535 bytes.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>The data as a view, for the typed views.</summary>
    public RDataView View => new(Type, RecordClass.Internet, Wire, 0, Wire.Length);

    /// <summary>Copies uncompressed wire form.</summary>
    /// <param name="type">The type.</param>
    /// <param name="wire">The data; must be well formed for the type.</param>
    /// <param name="data">The data.</param>
    /// <returns>What is wrong with it, or <see cref="WireError.None"/>.</returns>
    public static WireError TryCreate(RecordType type, ReadOnlySpan<byte> wire, out RData data)
    {
        data = default;
        if (wire.Length > MaxLength)
        {
            return WireError.DataLength;
        }

        WireError error = RDataWire.Check(
            RDataLayout.Of(type, RecordClass.Internet),
            wire,
            0,
            wire.Length,
            inMessage: false
        );
        if (error == WireError.None)
        {
            data = new RData(type, wire.ToArray());
        }

        return error;
    }

    /// <summary>Reads data as master files write it, or in the form of RFC 3597 section 5 (<c>\# 4 0A000001</c>).</summary>
    /// <param name="type">The type.</param>
    /// <param name="text">The data: one entry, which may go over lines in parentheses.</param>
    /// <param name="origin">What names without a final dot are put under.</param>
    /// <returns>The data.</returns>
    /// <exception cref="FormatException">The text is not data of the type; the message says why.</exception>
    public static RData Parse(RecordType type, ReadOnlySpan<char> text, DnsName origin = default) =>
        TryParse(type, text, origin, out RData data, out string? error)
            ? data
            : throw new FormatException(error);

    /// <summary>Reads data as master files write it; see <see cref="Parse"/>.</summary>
    /// <returns>False when the text is not data of the type; <paramref name="error"/> says why.</returns>
    public static bool TryParse(
        RecordType type,
        ReadOnlySpan<char> text,
        DnsName origin,
        out RData data,
        [NotNullWhen(false)] out string? error
    )
    {
        var tokens = new MasterTokenizer(text);
        tokens.Next();
        var parser = new RDataParser(type, origin);
        error = parser.Parse(ref tokens, RecordClass.Internet);
        data = error is null ? parser.Result : default;
        return error is null;
    }

    /// <summary>The data as master files write it; of types without a form of their own as RFC 3597 section 5 says.</summary>
    public override string ToString() => View.ToString();

    /// <summary>Takes wire form that is known to be good, without copying.</summary>
    internal static RData FromGoodWire(RecordType type, byte[] wire) => new(type, wire);

    /// <summary>True when type and data are the same; names in the data are compared without regard to case where RFC 4034 section 6.2 says so.</summary>
    public bool Equals(RData other) =>
        Type == other.Type && RDataWire.Compare(Type, Wire, other.Wire) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RData other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, NameBytes.Hash(Wire));

    /// <summary>True when type and data are the same.</summary>
    public static bool operator ==(RData left, RData right) => left.Equals(right);

    /// <summary>True when they differ.</summary>
    public static bool operator !=(RData left, RData right) => !left.Equals(right);
}
