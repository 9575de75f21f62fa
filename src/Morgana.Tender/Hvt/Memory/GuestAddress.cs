namespace Morgana.Tender.Hvt;

/// <summary>
/// An address that a guest gave. It is not a pointer: only <see cref="GuestMemory"/>, which checks it, makes memory of it.
/// </summary>
internal readonly record struct GuestAddress(ulong Value)
{
    public static GuestAddress operator +(GuestAddress address, uint offset) =>
        new(unchecked(address.Value + offset));

    public override string ToString() => $"0x{Value:x}";
}
