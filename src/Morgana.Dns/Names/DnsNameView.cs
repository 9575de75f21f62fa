using System.Runtime.CompilerServices;

namespace Morgana.Dns;

/// <summary>
/// A name where it lies in a message, compressed or not: it can be compared, hashed, looked up and copied without being
/// brought to the heap. A view is only ever made of a name that was checked; its default value is the root.
/// </summary>
public readonly ref struct DnsNameView : IEquatable<DnsNameView>
{
    private static ReadOnlySpan<byte> RootWire => [0];

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _offset;
    private readonly int _length;
    private readonly int _next;

    private DnsNameView(ReadOnlySpan<byte> message, int offset, int length, int next)
    {
        _message = message;
        _offset = offset;
        _length = length;
        _next = next;
    }

    /// <summary>Length of the expanded wire form in bytes, 1 to 255.</summary>
    public int Length => _length == 0 ? 1 : _length;

    /// <summary>True for the root.</summary>
    public bool IsRoot => Length == 1;

    /// <summary>True when the name is written without pointers, so that <see cref="TryGetWire"/> gives it as it lies there.</summary>
    public bool IsContiguous => _next - _offset == _length;

    /// <summary>Reads and checks the name at <paramref name="offset"/> of a message; pointers are followed backwards only.</summary>
    /// <param name="message">The whole message, from its header.</param>
    /// <param name="offset">Where the name starts.</param>
    /// <param name="name">The name.</param>
    /// <param name="next">The offset of the first byte after it.</param>
    /// <returns><see cref="WireError.None"/>, or what is wrong with it.</returns>
    public static WireError TryRead(
        ReadOnlySpan<byte> message,
        int offset,
        out DnsNameView name,
        out int next
    ) => TryRead(message, offset, mayCompress: true, out name, out next);

    internal static WireError TryRead(
        ReadOnlySpan<byte> message,
        int offset,
        bool mayCompress,
        out DnsNameView name,
        out int next
    )
    {
        WireError error = WireName.Scan(message, offset, mayCompress, out next, out int length);
        name = error == WireError.None ? new DnsNameView(message, offset, length, next) : default;
        return error;
    }

    /// <summary>Views a name that <see cref="WireName.Scan"/> found good.</summary>
    internal static DnsNameView FromScan(
        ReadOnlySpan<byte> message,
        int offset,
        int length,
        int next
    ) => new(message, offset, length, next);

    /// <summary>Views a wire form that is known to be good.</summary>
    internal static DnsNameView FromWire(ReadOnlySpan<byte> wire) =>
        new(wire, 0, wire.Length, wire.Length);

    /// <summary>The wire form without copying, where the name is contiguous.</summary>
    public bool TryGetWire(out ReadOnlySpan<byte> wire)
    {
        if (_length == 0)
        {
            wire = RootWire;
            return true;
        }

        if (IsContiguous)
        {
            wire = _message.Slice(_offset, _length);
            return true;
        }

        wire = default;
        return false;
    }

    /// <summary>Copies the expanded wire form.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes; 255 are always enough.</param>
    /// <returns>Bytes written: <see cref="Length"/>.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public int CopyTo(Span<byte> destination)
    {
        if (TryGetWire(out ReadOnlySpan<byte> wire))
        {
            wire.CopyTo(destination);
            return wire.Length;
        }

        return WireName.Expand(_message, _offset, destination);
    }

    /// <summary>Copies the name to the heap.</summary>
    public DnsName ToName()
    {
        if (IsRoot)
        {
            return DnsName.Root;
        }

        byte[] wire = new byte[Length];
        CopyTo(wire);
        return DnsName.FromGoodWire(wire);
    }

    /// <summary>The wire form: as it lies there when contiguous, else expanded into <paramref name="scratch"/>.</summary>
    /// <param name="scratch">At least 255 bytes.</param>
    internal ReadOnlySpan<byte> GetWire(Span<byte> scratch) =>
        TryGetWire(out ReadOnlySpan<byte> wire) ? wire : scratch[..CopyTo(scratch)];

    /// <summary>True when both are the same name, whatever the case of A-Z.</summary>
    public bool Equals(DnsName other) =>
        Length == other.Length
        && (
            TryGetWire(out ReadOnlySpan<byte> wire)
                ? NameBytes.EqualIgnoringCase(wire, other.Wire)
                : WireName.Matches(_message, _offset, other.Wire)
        );

    /// <summary>True when both are the same name, whatever the case of A-Z.</summary>
    public bool Equals(DnsNameView other)
    {
        if (Length != other.Length)
        {
            return false;
        }

        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        ReadOnlySpan<byte> wire = other.GetWire(scratch);
        return TryGetWire(out ReadOnlySpan<byte> own)
            ? NameBytes.EqualIgnoringCase(own, wire)
            : WireName.Matches(_message, _offset, wire);
    }

    /// <summary>True when this is <paramref name="ancestor"/> or a name below it.</summary>
    public bool IsAtOrBelow(DnsName ancestor)
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        return DnsName.IsAtOrBelow(GetWire(scratch), ancestor.Wire);
    }

    /// <summary>The same hash as that of the equal <see cref="DnsName"/>.</summary>
    [SkipLocalsInit] // for a name up to 255 bytes, of which only what was written is read
    public override int GetHashCode()
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        return NameBytes.Hash(GetWire(scratch));
    }

    /// <summary>Always false: a view cannot be boxed.</summary>
    public override bool Equals(object? obj) => false;

    /// <summary>True when both are the same name, whatever the case of A-Z.</summary>
    public static bool operator ==(DnsNameView left, DnsNameView right) => left.Equals(right);

    /// <summary>True when they are different names.</summary>
    public static bool operator !=(DnsNameView left, DnsNameView right) => !left.Equals(right);

    /// <summary>The name in master-file form, with the final dot.</summary>
    public override string ToString() => ToName().ToString();
}
