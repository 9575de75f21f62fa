using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of NSEC3 (RFC 5155 section 3.2).</summary>
public readonly ref struct Nsec3Data
{
    private Nsec3Data(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Algorithm = fields.Bytes[0];
        _ = fields.MoveNext();
        Flags = fields.Bytes[0];
        _ = fields.MoveNext();
        Iterations = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Salt = fields.Bytes[1..];
        _ = fields.MoveNext();
        NextHash = fields.Bytes[1..];
        _ = fields.MoveNext();
        Types = new TypeBitmapView(fields.Bytes);
    }

    /// <summary>How names are hashed; 1 is SHA-1.</summary>
    public byte Algorithm { get; }

    /// <summary>Bit 0: opt-out.</summary>
    public byte Flags { get; }

    /// <summary>Additional rounds of hashing.</summary>
    public ushort Iterations { get; }

    /// <summary>0 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Salt { get; }

    /// <summary>The next hashed owner, 1 to 255 bytes, in binary.</summary>
    public ReadOnlySpan<byte> NextHash { get; }

    /// <summary>The types at the name that this one is the hash of.</summary>
    public TypeBitmapView Types { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out Nsec3Data result)
    {
        if (data.Type is RecordType.Nsec3 && data.IsWellFormed)
        {
            result = new Nsec3Data(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
