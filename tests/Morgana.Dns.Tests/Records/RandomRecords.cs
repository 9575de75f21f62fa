using System.Buffers;
using System.Buffers.Binary;
using Morgana.Dns;

namespace Morgana.Dns.Tests;

/// <summary>Random names, data and records, all well formed, from a seeded source.</summary>
internal sealed class RandomRecords(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<DnsName> _known = [];

    /// <summary>Every type whose layout is known, and two that are not.</summary>
    public static RecordType[] Types { get; } =
    [
        .. Enum.GetValues<RecordType>()
            .Where(type => !type.IsMeta() && !RDataLayout.Of(type, RecordClass.Internet).IsUnknown),
        (RecordType)65280,
        (RecordType)300,
    ];

    public int Next(int below) => _random.Next(below);

    public byte[] Bytes(int most, int least = 0)
    {
        byte[] bytes = new byte[_random.Next(least, most + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A name that often shares its end with an earlier one, so that compression has something to do.</summary>
    public DnsName Name()
    {
        DnsName name =
            _known.Count > 0 && _random.Next(3) > 0
                ? _known[_random.Next(_known.Count)]
                : DnsName.Root;
        for (int labels = _random.Next(4); labels > 0; labels--)
        {
            byte[] label = _random.Next(8) switch
            {
                0 => Bytes(63, 1),
                1 => "*"u8.ToArray(),
                2 => "WwW"u8.ToArray(),
                3 => "www"u8.ToArray(),
                _ => [(byte)('a' + _random.Next(26)), (byte)('0' + _random.Next(10))],
            };
            if (name.TryPrepend(label, out DnsName child))
            {
                name = child;
            }
        }

        if (_known.Count < 30)
        {
            _known.Add(name);
        }

        return name;
    }

    public byte[] Data(RecordType type)
    {
        var wire = new ArrayBufferWriter<byte>();
        foreach (RDataField field in RDataLayout.Of(type, RecordClass.Internet).Fields)
        {
            Write(wire, field);
        }

        return wire.WrittenSpan.ToArray();
    }

    public ResourceRecord Record()
    {
        RecordType type = Types[_random.Next(Types.Length)];
        Assert.Equal(WireError.None, RData.TryCreate(type, Data(type), out RData data));
        return new ResourceRecord(Name(), (uint)_random.Next(), data);
    }

    private void Write(ArrayBufferWriter<byte> wire, RDataField field)
    {
        switch (field)
        {
            case RDataField.Byte:
                wire.Write(Bytes(1, 1));
                break;
            case RDataField.UInt16 or RDataField.Type:
                wire.Write(Bytes(2, 2));
                break;
            case RDataField.UInt32 or RDataField.Seconds or RDataField.Timestamp or RDataField.Ipv4:
                wire.Write(Bytes(4, 4));
                break;
            case RDataField.Ipv6:
                wire.Write(Bytes(16, 16));
                break;
            case RDataField.CompressibleName or RDataField.Name or RDataField.PlainName:
                wire.Write(Name().Wire);
                break;
            case RDataField.String or RDataField.Salt:
                WriteString(wire, Bytes(_random.Next(10) == 0 ? 255 : 12));
                break;
            case RDataField.Hash:
                WriteString(wire, Bytes(_random.Next(10) == 0 ? 255 : 20, 1));
                break;
            case RDataField.Tag:
                WriteString(wire, _random.Next(2) == 0 ? "issue"u8 : "IoDef9"u8);
                break;
            case RDataField.Strings:
                for (int count = _random.Next(1, 4); count > 0; count--)
                {
                    WriteString(wire, Bytes(_random.Next(10) == 0 ? 255 : 12));
                }

                break;
            case RDataField.Base64Rest or RDataField.HexRest:
                wire.Write(Bytes(70, 1));
                break;
            case RDataField.TypeBitmap:
                WriteBitmap(wire);
                break;
            case RDataField.ServiceParameters:
                WriteParameters(wire);
                break;
            case RDataField.Services:
                wire.Write(Bytes(1, 1));
                wire.Write(Bytes(20));
                break;
            default:
                wire.Write(Bytes(40));
                break;
        }
    }

    private static void WriteString(ArrayBufferWriter<byte> wire, ReadOnlySpan<byte> text)
    {
        wire.Write([(byte)text.Length]);
        wire.Write(text);
    }

    private void WriteBitmap(ArrayBufferWriter<byte> wire)
    {
        int window = -1;
        for (int count = _random.Next(4); count > 0; count--)
        {
            window += _random.Next(1, 60);
            byte[] bits = Bytes(32, 1);
            bits[^1] |= 1;
            wire.Write([(byte)window, (byte)bits.Length]);
            wire.Write(bits);
        }
    }

    private void WriteParameters(ArrayBufferWriter<byte> wire)
    {
        var keys = new SortedDictionary<int, byte[]>();
        if (_random.Next(2) == 0)
        {
            var alpn = new ArrayBufferWriter<byte>();
            for (int count = _random.Next(1, 4); count > 0; count--)
            {
                WriteString(alpn, Bytes(10, 1));
            }

            keys[1] = alpn.WrittenSpan.ToArray();
            if (_random.Next(2) == 0)
            {
                keys[2] = [];
            }
        }

        if (_random.Next(2) == 0)
        {
            keys[3] = Bytes(2, 2);
        }

        if (_random.Next(2) == 0)
        {
            keys[4] = Bytes(4, 4).Concat(Bytes(4, 4)).ToArray();
        }

        if (_random.Next(3) == 0)
        {
            keys[5] = Bytes(40, 1);
        }

        if (_random.Next(2) == 0)
        {
            keys[6] = Bytes(16, 16);
        }

        for (int count = _random.Next(3); count > 0; count--)
        {
            keys[_random.Next(7, 65535)] = Bytes(20);
        }

        if (keys.Count > 0 && _random.Next(2) == 0)
        {
            byte[] mandatory = new byte[2 * _random.Next(1, keys.Count + 1)];
            int at = 0;
            foreach (int key in keys.Keys)
            {
                if (at < mandatory.Length)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(mandatory.AsSpan(at), (ushort)key);
                    at += 2;
                }
            }

            keys[0] = mandatory;
        }

        Span<byte> head = stackalloc byte[4];
        foreach ((int key, byte[] value) in keys)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)key);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)value.Length);
            wire.Write(head);
            wire.Write(value);
        }
    }
}
