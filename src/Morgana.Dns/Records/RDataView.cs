using System.Text;
using Morgana.Net;

namespace Morgana.Dns;

/// <summary>
/// The data of a record where it lies: in a message (its names may be compressed) or on its own. A view that a
/// <see cref="MessageReader"/> gave has been checked against its type's layout.
/// </summary>
public readonly ref struct RDataView
{
    internal RDataView(
        RecordType type,
        RecordClass recordClass,
        ReadOnlySpan<byte> message,
        int offset,
        int length
    )
    {
        Type = type;
        Class = recordClass;
        Message = message;
        Offset = offset;
        Length = length;
    }

    /// <summary>The type of the record.</summary>
    public RecordType Type { get; }

    /// <summary>The class of the record: A, AAAA, WKS and others are only laid out as such in class IN.</summary>
    public RecordClass Class { get; }

    /// <summary>Length in bytes where it lies, 0 to 65,535; a compressed name counts as the few bytes it takes here.</summary>
    public int Length { get; }

    /// <summary>The bytes as they lie there; only where nothing is compressed are they good for keeping.</summary>
    public ReadOnlySpan<byte> Raw => Message.Slice(Offset, Length);

    /// <summary>What the pointers in the data refer to: the whole message, or the data itself when it stands alone.</summary>
    internal ReadOnlySpan<byte> Message { get; }

    /// <summary>Where in <see cref="Message"/> the data starts.</summary>
    internal int Offset { get; }

    internal RDataLayout Layout => RDataLayout.Of(Type, Class);

    /// <summary>Copies the data with its names expanded.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="written">Bytes written, at most 65,535.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryExpand(Span<byte> destination, out int written) =>
        RDataWire.TryExpand(Layout, Message, Offset, Length, destination, out written);

    /// <summary>Copies the data to the heap, with its names expanded.</summary>
    public RData ToRData()
    {
        RDataLayout layout = Layout;
        if (!layout.HasNames)
        {
            return RData.FromGoodWire(Type, Raw.ToArray());
        }

        byte[] wire = new byte[RDataWire.ExpandedLength(layout, Message, Offset, Length)];
        _ = TryExpand(wire, out _);
        return RData.FromGoodWire(Type, wire);
    }

    /// <summary>True when the data is what its type demands; always so for what a <see cref="MessageReader"/> gave with any data at all.</summary>
    public bool IsWellFormed =>
        RDataWire.Check(Layout, Message, Offset, Length, inMessage: true) == WireError.None
        && !(Layout.IsUnknown && RDataLayout.Of(Type, RecordClass.Internet) != Layout);

    internal RDataFieldReader Fields => new(Layout, Message, Offset, Length, inMessage: true);

    /// <summary>The data as master files write it; of types without a form of their own as RFC 3597 section 5 says.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        RDataPrinter.Append(text, this);
        return text.ToString();
    }

    /// <summary>The name that starts the data of NS, CNAME, PTR, DNAME, SOA, MB, MD, MF, MG, MR, MINFO, RP and NSEC.</summary>
    /// <param name="name">The name.</param>
    /// <returns>False for other types and malformed data.</returns>
    public bool TryGetName(out DnsNameView name)
    {
        RDataFieldReader fields = Fields;
        bool found = fields.MoveNext() && fields.IsName;
        name = found ? fields.Name : default;
        return found;
    }

    /// <summary>The address that is the data of A and AAAA.</summary>
    /// <param name="address">The address.</param>
    /// <returns>False for other types and classes, and malformed data.</returns>
    public bool TryGetAddress(out IpAddress address)
    {
        address = default;
        if (Class != RecordClass.Internet)
        {
            return false;
        }

        if (Type == RecordType.A && Length == 4)
        {
            address = IpAddress.ReadV4(Raw);
        }
        else if (Type == RecordType.Aaaa && Length == 16)
        {
            address = IpAddress.ReadV6(Raw);
        }

        return address.Family != IpFamily.None;
    }
}
