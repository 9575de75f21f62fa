using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of NSEC3PARAM (RFC 5155 section 4.2).</summary>
public readonly ref struct Nsec3ParamData
{
    private Nsec3ParamData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Algorithm = fields.Bytes[0];
        _ = fields.MoveNext();
        Flags = fields.Bytes[0];
        _ = fields.MoveNext();
        Iterations = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Salt = fields.Bytes[1..];
    }

    /// <summary>How names are hashed; 1 is SHA-1.</summary>
    public byte Algorithm { get; }

    /// <summary>0.</summary>
    public byte Flags { get; }

    /// <summary>Additional rounds of hashing.</summary>
    public ushort Iterations { get; }

    /// <summary>0 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Salt { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out Nsec3ParamData result)
    {
        if (data.Type is RecordType.Nsec3Param && data.IsWellFormed)
        {
            result = new Nsec3ParamData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
