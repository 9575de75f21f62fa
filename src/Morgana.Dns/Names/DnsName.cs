using System.Diagnostics.CodeAnalysis;

namespace Morgana.Dns;

/// <summary>
/// A fully qualified domain name: immutable, kept in uncompressed wire form (RFC 1035 section 3.1) with the case it was given.
/// Names are equal when they differ only in the case of A-Z (RFC 4343). They are ordered as RFC 4034 section 6.1 says.
/// A value is an array and an offset, so that taking the parent or an ancestor copies nothing. The default value is the root.
/// </summary>
public readonly struct DnsName
    : IEquatable<DnsName>,
        IComparable<DnsName>,
        ISpanParsable<DnsName>,
        ISpanFormattable
{
    /// <summary>Longest wire form in bytes, with the root's zero (RFC 1035 section 2.3.4).</summary>
    public const int MaxLength = 255;

    /// <summary>Longest label in bytes, without its length (RFC 1035 section 2.3.4).</summary>
    public const int MaxLabelLength = 63;

    /// <summary>Most labels that fit in a name, without the root.</summary>
    public const int MaxLabels = 127;

    /// <summary>Longest printed form: each of 250 bytes as \DDD, and the dots.</summary>
    internal const int MaxTextLength = 1024;

    private readonly byte[]? _wire;
    private readonly int _offset;

    private DnsName(byte[] wire, int offset)
    {
        _wire = wire;
        _offset = offset;
    }

    /// <summary>The root of the tree, written as a dot.</summary>
    public static DnsName Root => default;

    /// <summary>The wire form: labels, each after its length, and a zero; 1 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Wire => _wire is null ? RootWire : _wire.AsSpan(_offset);

    private static ReadOnlySpan<byte> RootWire => [0];

    /// <summary>Length of the wire form in bytes, 1 to 255.</summary>
    public int Length => _wire is null ? 1 : _wire.Length - _offset;

    /// <summary>True for the root.</summary>
    public bool IsRoot => Length == 1;

    /// <summary>How many labels there are without the root: 0 to 127.</summary>
    public int LabelCount
    {
        get
        {
            int count = 0;
            ReadOnlySpan<byte> wire = Wire;
            for (int at = 0; wire[at] != 0; at += wire[at] + 1)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>The leftmost label, 1 to 63 bytes; empty for the root.</summary>
    public ReadOnlySpan<byte> FirstLabel
    {
        get
        {
            ReadOnlySpan<byte> wire = Wire;
            return wire.Slice(1, wire[0]);
        }
    }

    /// <summary>The name without its leftmost label; the root's parent is the root. Shares the bytes of this name.</summary>
    public DnsName Parent => IsRoot ? Root : new DnsName(_wire!, _offset + _wire![_offset] + 1);

    /// <summary>True when the leftmost label is a lone asterisk (RFC 4592 section 2.1.1).</summary>
    public bool IsWildcard => Wire is [1, (byte)'*', ..];

    /// <summary>The name as a view, for operations that take either.</summary>
    public DnsNameView View => DnsNameView.FromWire(Wire);

    /// <summary>The labels from left to right, without the root.</summary>
    public LabelEnumerator GetEnumerator() => new(Wire);

    /// <summary>Takes a wire form that is known to be good, without copying.</summary>
    internal static DnsName FromGoodWire(byte[] wire) => wire.Length == 1 ? Root : new(wire, 0);

    /// <summary>Copies the uncompressed name at the start of <paramref name="wire"/>.</summary>
    /// <param name="wire">Bytes that start with a name; what follows it is not looked at.</param>
    /// <param name="name">The name.</param>
    /// <returns>False when there is no good, uncompressed name.</returns>
    public static bool TryRead(ReadOnlySpan<byte> wire, out DnsName name)
    {
        bool good =
            DnsNameView.TryRead(wire, 0, mayCompress: false, out DnsNameView view, out _)
            == WireError.None;
        name = good ? view.ToName() : Root;
        return good;
    }

    /// <summary>The ancestor (or the name itself) that has so many labels; shares the bytes of this name.</summary>
    /// <param name="labels">0 (the root) to <see cref="LabelCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The name has fewer labels.</exception>
    public DnsName Ancestor(int labels)
    {
        int drop = LabelCount - labels;
        ArgumentOutOfRangeException.ThrowIfNegative(labels);
        ArgumentOutOfRangeException.ThrowIfNegative(drop, nameof(labels));
        DnsName name = this;
        while (drop-- > 0)
        {
            name = name.Parent;
        }

        return name;
    }

    /// <summary>True when this is <paramref name="ancestor"/> or a name below it.</summary>
    public bool IsAtOrBelow(DnsName ancestor) => IsAtOrBelow(Wire, ancestor.Wire);

    /// <summary>True when this is a name below <paramref name="ancestor"/>, not that name itself.</summary>
    public bool IsBelow(DnsName ancestor) => Length > ancestor.Length && IsAtOrBelow(ancestor);

    internal static bool IsAtOrBelow(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> ancestor)
    {
        int at = 0;
        while (wire.Length - at > ancestor.Length)
        {
            at += wire[at] + 1;
        }

        return NameBytes.EqualIgnoringCase(wire[at..], ancestor);
    }

    /// <summary>The longest name that both are at or below; shares the bytes of this name.</summary>
    public DnsName CommonAncestor(DnsName other)
    {
        int mine = LabelCount;
        int theirs = other.LabelCount;
        DnsName left = Ancestor(Math.Min(mine, theirs));
        DnsName right = other.Ancestor(Math.Min(mine, theirs));
        // The last difference from the left decides; what follows it is common.
        DnsName common = left;
        while (!left.IsRoot)
        {
            bool same = NameBytes.EqualIgnoringCase(left.FirstLabel, right.FirstLabel);
            left = left.Parent;
            right = right.Parent;
            if (!same)
            {
                common = left;
            }
        }

        return common;
    }

    /// <summary>Puts a label before the name.</summary>
    /// <param name="label">1 to 63 bytes of any value.</param>
    /// <param name="child">The longer name.</param>
    /// <returns>False when the label is empty or too long, or the name would exceed 255 bytes.</returns>
    public bool TryPrepend(ReadOnlySpan<byte> label, out DnsName child)
    {
        child = Root;
        if (label.Length is 0 or > MaxLabelLength || label.Length + 1 + Length > MaxLength)
        {
            return false;
        }

        byte[] wire = new byte[label.Length + 1 + Length];
        wire[0] = (byte)label.Length;
        label.CopyTo(wire.AsSpan(1));
        Wire.CopyTo(wire.AsSpan(label.Length + 1));
        child = FromGoodWire(wire);
        return true;
    }

    /// <summary>
    /// Exchanges the end of the name: what DNAME does (RFC 6672 section 2.2).
    /// </summary>
    /// <param name="suffix">An ancestor of this name, or the name itself.</param>
    /// <param name="replacement">What stands in its place.</param>
    /// <param name="result">The new name.</param>
    /// <returns>False when this name is not at or below <paramref name="suffix"/> or the result would exceed 255 bytes.</returns>
    public bool TryReplaceSuffix(DnsName suffix, DnsName replacement, out DnsName result)
    {
        result = Root;
        int kept = Length - suffix.Length;
        if (!IsAtOrBelow(suffix) || kept + replacement.Length > MaxLength)
        {
            return false;
        }

        byte[] wire = new byte[kept + replacement.Length];
        Wire[..kept].CopyTo(wire);
        replacement.Wire.CopyTo(wire.AsSpan(kept));
        result = FromGoodWire(wire);
        return true;
    }

    /// <summary>The same name in lower case (RFC 4034 section 6.2).</summary>
    public DnsName ToLower()
    {
        byte[] wire = Wire.ToArray();
        NameBytes.ToLower(wire.AsSpan());
        return FromGoodWire(wire);
    }

    /// <summary>The same name with no bytes of a longer one behind it: for keeping an ancestor for long.</summary>
    public DnsName Trim() => _offset == 0 ? this : FromGoodWire(Wire.ToArray());

    /// <summary>True when both are the same name, whatever the case of A-Z.</summary>
    public bool Equals(DnsName other) => NameBytes.EqualIgnoringCase(Wire, other.Wire);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) =>
        obj is DnsName other && Equals(other);

    /// <summary>A keyed hash: it differs from one start of the program to the next.</summary>
    public override int GetHashCode() => NameBytes.Hash(Wire);

    /// <summary>The order of RFC 4034 section 6.1.</summary>
    public int CompareTo(DnsName other) => NameBytes.CompareCanonically(Wire, other.Wire);

    /// <summary>True when both are the same name, whatever the case of A-Z.</summary>
    public static bool operator ==(DnsName left, DnsName right) => left.Equals(right);

    /// <summary>True when they are different names.</summary>
    public static bool operator !=(DnsName left, DnsName right) => !left.Equals(right);

    /// <summary>Before, in the order of RFC 4034 section 6.1.</summary>
    public static bool operator <(DnsName left, DnsName right) => left.CompareTo(right) < 0;

    /// <summary>After, in the order of RFC 4034 section 6.1.</summary>
    public static bool operator >(DnsName left, DnsName right) => left.CompareTo(right) > 0;

    /// <summary>Not after, in the order of RFC 4034 section 6.1.</summary>
    public static bool operator <=(DnsName left, DnsName right) => left.CompareTo(right) <= 0;

    /// <summary>Not before, in the order of RFC 4034 section 6.1.</summary>
    public static bool operator >=(DnsName left, DnsName right) => left.CompareTo(right) >= 0;

    /// <summary>Reads a name in master-file form; one without a final dot is taken as fully qualified.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        out DnsName result
    ) => NameText.TryParse(s, Root, out result) == NameTextError.None;

    /// <summary>Reads a name in master-file form; one without a final dot is taken as fully qualified.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out DnsName result
    )
    {
        result = Root;
        return s is not null && TryParse(s.AsSpan(), provider, out result);
    }

    /// <summary>Reads a name in master-file form; one without a final dot is put under <paramref name="origin"/>, and @ is the origin itself.</summary>
    /// <exception cref="FormatException">The text is not a name; the message says why.</exception>
    public static DnsName Parse(ReadOnlySpan<char> s, DnsName origin)
    {
        NameTextError error = NameText.TryParse(s, origin, out DnsName result);
        return error == NameTextError.None
            ? result
            : throw new FormatException(NameText.Explain(error, s));
    }

    /// <inheritdoc/>
    public static DnsName Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s, Root);

    /// <inheritdoc/>
    public static DnsName Parse(string s, IFormatProvider? provider = null) =>
        Parse(s.AsSpan(), Root);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null
    ) => NameText.TryFormat(Wire, destination, out charsWritten);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>The name in master-file form, with the final dot and what is special escaped.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxTextLength];
        _ = NameText.TryFormat(Wire, text, out int written);
        return new string(text[..written]);
    }

    /// <summary>Goes through the labels of a name.</summary>
    public ref struct LabelEnumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal LabelEnumerator(ReadOnlySpan<byte> wire)
        {
            _rest = wire;
            Current = default;
        }

        /// <summary>The label, 1 to 63 bytes.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next label; false after the last.</summary>
        public bool MoveNext()
        {
            int length = _rest[0];
            Current = _rest.Slice(1, length);
            _rest = _rest[(length == 0 ? 0 : length + 1)..];
            return length != 0;
        }
    }
}
