using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The OPT record of a message (RFC 6891 section 6.1), where it lies.</summary>
public readonly ref struct EdnsView
{
    private readonly uint _ttl;

    private EdnsView(ushort payloadSize, uint ttl, ReadOnlySpan<byte> options)
    {
        PayloadSize = payloadSize;
        _ttl = ttl;
        Options = options;
    }

    /// <summary>The bit of <see cref="Flags"/> that says that DNSSEC records are wanted (RFC 3225).</summary>
    public const ushort DnssecOkFlag = 0x8000;

    /// <summary>The largest UDP payload that the sender takes, in bytes, as it says: values below 512 mean 512.</summary>
    public ushort PayloadSize { get; }

    /// <summary>The version of EDNS; 0 is the only one there is.</summary>
    public byte Version => (byte)(_ttl >> 16);

    /// <summary>The 16 flags.</summary>
    public ushort Flags => (ushort)_ttl;

    /// <summary>DO: the sender wants DNSSEC records (RFC 3225).</summary>
    public bool DnssecOk => (Flags & DnssecOkFlag) != 0;

    /// <summary>The options as they lie there; go through them with <see cref="GetEnumerator"/>.</summary>
    public ReadOnlySpan<byte> Options { get; }

    /// <summary>The whole response code: eight bits of EDNS above the four of the header.</summary>
    public ResponseCode ExtendResponseCode(ResponseCode headerCode) =>
        (ResponseCode)((_ttl >> 24 << 4) | (uint)headerCode & 0xf);

    /// <summary>Reads an OPT record.</summary>
    /// <returns>False for any other record.</returns>
    public static bool TryRead(RecordView record, out EdnsView edns)
    {
        if (record.Type != RecordType.Opt)
        {
            edns = default;
            return false;
        }

        edns = new EdnsView((ushort)record.Class, record.RawTtl, record.Data.Raw);
        return true;
    }

    /// <summary>The first option with this code.</summary>
    public bool TryGetOption(EdnsOptionCode code, out ReadOnlySpan<byte> data)
    {
        foreach (EdnsOption option in this)
        {
            if (option.Code == code)
            {
                data = option.Data;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>The extended DNS error, if there is one (RFC 8914).</summary>
    /// <param name="code">What happened.</param>
    /// <param name="text">More about it in UTF-8; may be empty.</param>
    public bool TryGetExtendedError(out ExtendedErrorCode code, out ReadOnlySpan<byte> text)
    {
        if (
            TryGetOption(EdnsOptionCode.ExtendedError, out ReadOnlySpan<byte> data)
            && data.Length >= 2
        )
        {
            code = (ExtendedErrorCode)BinaryPrimitives.ReadUInt16BigEndian(data);
            // Section 2: text may end with a zero, which is no part of it.
            text = data[2..].TrimEnd((byte)0);
            return true;
        }

        code = default;
        text = default;
        return false;
    }

    /// <summary>The options, in order.</summary>
    public EdnsOptionEnumerator GetEnumerator() => new(Options);
}
