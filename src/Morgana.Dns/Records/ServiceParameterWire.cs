using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The checks that a recipient of SVCB and HTTPS records must make (RFC 9460 sections 2.2, 7 and 8).</summary>
internal static class ServiceParameterWire
{
    /// <summary>Checks keys in strictly increasing order and the values of the keys of RFC 9460 section 14.3.2.</summary>
    public static WireError Check(ReadOnlySpan<byte> parameters)
    {
        int last = -1;
        ReadOnlySpan<byte> mandatory = default;
        bool hasAlpn = false;
        bool hasNoDefaultAlpn = false;
        ReadOnlySpan<byte> all = parameters;
        while (!parameters.IsEmpty)
        {
            if (parameters.Length < 4)
            {
                return WireError.DataLength;
            }

            int key = BinaryPrimitives.ReadUInt16BigEndian(parameters);
            int length = BinaryPrimitives.ReadUInt16BigEndian(parameters[2..]);
            if (length > parameters.Length - 4)
            {
                return WireError.DataLength;
            }

            ReadOnlySpan<byte> value = parameters.Slice(4, length);
            if (key <= last || !IsGood((ServiceParameterKey)key, value))
            {
                return WireError.DataValue;
            }

            hasAlpn |= key == (int)ServiceParameterKey.Alpn;
            hasNoDefaultAlpn |= key == (int)ServiceParameterKey.NoDefaultAlpn;
            if (key == (int)ServiceParameterKey.Mandatory)
            {
                mandatory = value;
            }

            last = key;
            parameters = parameters[(4 + length)..];
        }

        // Section 7.1.1: no-default-alpn without alpn says that there is no protocol at all.
        if (hasNoDefaultAlpn && !hasAlpn)
        {
            return WireError.DataValue;
        }

        // Section 8: what is called mandatory must be there.
        while (!mandatory.IsEmpty)
        {
            if (!Has(all, BinaryPrimitives.ReadUInt16BigEndian(mandatory)))
            {
                return WireError.DataValue;
            }

            mandatory = mandatory[2..];
        }

        return WireError.None;
    }

    private static bool IsGood(ServiceParameterKey key, ReadOnlySpan<byte> value) =>
        key switch
        {
            ServiceParameterKey.Mandatory => IsGoodMandatory(value),
            ServiceParameterKey.Alpn => IsGoodAlpn(value),
            ServiceParameterKey.NoDefaultAlpn => value.IsEmpty,
            ServiceParameterKey.Port => value.Length == 2,
            ServiceParameterKey.Ipv4Hint => value.Length > 0 && value.Length % 4 == 0,
            ServiceParameterKey.Ech => value.Length > 0,
            ServiceParameterKey.Ipv6Hint => value.Length > 0 && value.Length % 16 == 0,
            // Section 14.3.2 reserves the last key as invalid.
            (ServiceParameterKey)ushort.MaxValue => false,
            _ => true,
        };

    private static bool IsGoodMandatory(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length % 2 != 0)
        {
            return false;
        }

        // Strictly increasing from above zero: no duplicates, and not itself.
        int last = 0;
        for (; !value.IsEmpty; value = value[2..])
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(value);
            if (key <= last)
            {
                return false;
            }

            last = key;
        }

        return true;
    }

    private static bool IsGoodAlpn(ReadOnlySpan<byte> value)
    {
        int at = 0;
        while (at < value.Length)
        {
            if (value[at] == 0)
            {
                return false;
            }

            at += value[at] + 1;
        }

        return at == value.Length && at > 0;
    }

    private static bool Has(ReadOnlySpan<byte> parameters, int wanted)
    {
        while (!parameters.IsEmpty)
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(parameters);
            if (key >= wanted)
            {
                return key == wanted;
            }

            parameters = parameters[(4 + BinaryPrimitives.ReadUInt16BigEndian(parameters[2..]))..];
        }

        return false;
    }
}
