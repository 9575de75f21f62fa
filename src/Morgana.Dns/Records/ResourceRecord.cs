using System.Globalization;

namespace Morgana.Dns;

/// <summary>A record on the heap (RFC 1035 section 3.2.1).</summary>
/// <param name="Name">The owner.</param>
/// <param name="Ttl">For how many seconds it may be kept, 0 to 2^31 - 1.</param>
/// <param name="Data">Its type and data.</param>
/// <param name="Class">Its class.</param>
public readonly record struct ResourceRecord(
    DnsName Name,
    uint Ttl,
    RData Data,
    RecordClass Class = RecordClass.Internet
)
{
    /// <summary>The type.</summary>
    public RecordType Type => Data.Type;

    /// <summary>The data as a view, for the typed views.</summary>
    public RDataView View => new(Type, Class, Data.Wire, 0, Data.Wire.Length);

    /// <summary>The record as a line of a master file, without its line end.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name} {Ttl} {Class.ToText()} {Type.ToText()} {View.ToString()}"
        );
}
