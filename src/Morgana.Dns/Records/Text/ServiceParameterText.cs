using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Morgana.Net;

namespace Morgana.Dns;

/// <summary>Service parameters in master files (RFC 9460 section 2.1 and appendix A).</summary>
internal static class ServiceParameterText
{
    private static readonly string[] Keys =
    [
        "mandatory",
        "alpn",
        "no-default-alpn",
        "port",
        "ipv4hint",
        "ech",
        "ipv6hint",
        "dohpath",
    ];

    public static void Append(StringBuilder text, ServiceParametersView parameters)
    {
        foreach (ServiceParameter parameter in parameters)
        {
            text.Append(' ');
            AppendKey(text, (int)parameter.Key);
            ReadOnlySpan<byte> value = parameter.Value;
            if (value.IsEmpty)
            {
                continue;
            }

            text.Append('=');
            switch (parameter.Key)
            {
                case ServiceParameterKey.Mandatory:
                    for (int at = 0; at < value.Length; at += 2)
                    {
                        text.Append(at == 0 ? "" : ",");
                        AppendKey(text, BinaryPrimitives.ReadUInt16BigEndian(value[at..]));
                    }

                    break;
                case ServiceParameterKey.Alpn:
                    AppendAlpn(text, value);
                    break;
                case ServiceParameterKey.Port:
                    text.Append(BinaryPrimitives.ReadUInt16BigEndian(value));
                    break;
                case ServiceParameterKey.Ipv4Hint:
                    for (int at = 0; at < value.Length; at += 4)
                    {
                        text.Append(at == 0 ? "" : ",").Append(IpAddress.ReadV4(value[at..]));
                    }

                    break;
                case ServiceParameterKey.Ech:
                    text.Append(Convert.ToBase64String(value));
                    break;
                case ServiceParameterKey.Ipv6Hint:
                    for (int at = 0; at < value.Length; at += 16)
                    {
                        text.Append(at == 0 ? "" : ",").Append(IpAddress.ReadV6(value[at..]));
                    }

                    break;
                default:
                    CharacterString.AppendQuoted(text, value);
                    break;
            }
        }
    }

    /// <summary>Reads one parameter, as key or key=value.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(ReadOnlySpan<char> word, SortedDictionary<int, byte[]> parameters)
    {
        int equals = word.IndexOf('=');
        ReadOnlySpan<char> keyText = equals < 0 ? word : word[..equals];
        if (!TryReadKey(keyText, out int key))
        {
            return $"'{keyText}' is not a service parameter: write one of {string.Join(", ", Keys)}, or keyN with N from 0 to 65534.";
        }

        ReadOnlySpan<char> valueText = equals < 0 ? default : word[(equals + 1)..];
        if (valueText is ['"', .. var inner, '"'])
        {
            valueText = inner;
        }

        var unescaped = new ArrayBufferWriter<byte>();
        if (!CharacterString.TryRead(valueText, unescaped))
        {
            return $"'{keyText}' has a bad escape: a backslash must be followed by a character, or by three digits from 000 to 255.";
        }

        var value = new ArrayBufferWriter<byte>();
        string? error = ReadValue((ServiceParameterKey)key, unescaped.WrittenSpan, value);
        if (error is not null)
        {
            return error;
        }

        return parameters.TryAdd(key, value.WrittenSpan.ToArray())
            ? null
            : $"'{keyText}' is there twice: write it once.";
    }

    private static string? ReadValue(
        ServiceParameterKey key,
        ReadOnlySpan<byte> value,
        ArrayBufferWriter<byte> wire
    )
    {
        switch (key)
        {
            case ServiceParameterKey.Mandatory:
                return ReadMandatory(value, wire);
            case ServiceParameterKey.Alpn:
                return TryReadAlpn(value, wire)
                    ? null
                    : "alpn needs a list of protocols of 1 to 255 bytes, as in alpn=h2,h3.";
            case ServiceParameterKey.NoDefaultAlpn:
                return value.IsEmpty ? null : "no-default-alpn takes no value: write it alone.";
            case ServiceParameterKey.Port:
                if (
                    !ushort.TryParse(
                        value,
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out ushort port
                    )
                )
                {
                    return "port needs a number from 0 to 65535, as in port=8443.";
                }

                wire.Write([(byte)(port >> 8), (byte)port]);
                return null;
            case ServiceParameterKey.Ipv4Hint:
                return TryReadAddresses(value, IpFamily.V4, wire)
                    ? null
                    : "ipv4hint needs a list of IPv4 addresses, as in ipv4hint=192.0.2.1,192.0.2.2.";
            case ServiceParameterKey.Ipv6Hint:
                return TryReadAddresses(value, IpFamily.V6, wire)
                    ? null
                    : "ipv6hint needs a list of IPv6 addresses, as in ipv6hint=2001:db8::1.";
            case ServiceParameterKey.Ech:
                byte[] decoded = new byte[value.Length];
                if (
                    value.IsEmpty
                    || System.Buffers.Text.Base64.DecodeFromUtf8(
                        value,
                        decoded,
                        out _,
                        out int length
                    ) != OperationStatus.Done
                )
                {
                    return "ech needs base64 text.";
                }

                wire.Write(decoded.AsSpan(0, length));
                return null;
            default:
                wire.Write(value);
                return null;
        }
    }

    private static string? ReadMandatory(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> wire)
    {
        var keys = new SortedSet<int>();
        foreach (Range part in value.Split((byte)','))
        {
            string text = Encoding.ASCII.GetString(value[part]);
            if (!TryReadKey(text, out int key) || key == 0 || !keys.Add(key))
            {
                return "mandatory needs a list of other keys, each once, as in mandatory=alpn,port.";
            }
        }

        foreach (int key in keys)
        {
            wire.Write([(byte)(key >> 8), (byte)key]);
        }

        return null;
    }

    private static bool TryReadAlpn(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> wire)
    {
        // Appendix A.1: within the list, a backslash keeps a comma or a backslash in an item.
        Span<byte> item = stackalloc byte[256];
        int length = 0;
        int at = 0;
        while (true)
        {
            bool ended = at >= value.Length;
            if (ended || value[at] == ',')
            {
                if (length == 0)
                {
                    return false;
                }

                wire.Write([(byte)length]);
                wire.Write(item[..length]);
                length = 0;
                at++;
                if (ended)
                {
                    return true;
                }

                continue;
            }

            if (value[at] == '\\')
            {
                at++;
                if (at >= value.Length || value[at] is not ((byte)',' or (byte)'\\'))
                {
                    return false;
                }
            }

            if (length == byte.MaxValue)
            {
                return false;
            }

            item[length++] = value[at++];
        }
    }

    private static bool TryReadAddresses(
        ReadOnlySpan<byte> value,
        IpFamily family,
        ArrayBufferWriter<byte> wire
    )
    {
        foreach (Range part in value.Split((byte)','))
        {
            if (
                !IpAddress.TryParse(
                    Encoding.ASCII.GetString(value[part]),
                    null,
                    out IpAddress address
                )
                || address.Family != family
            )
            {
                return false;
            }

            address.Write(wire.GetSpan(address.Size));
            wire.Advance(address.Size);
        }

        return true;
    }

    private static void AppendAlpn(StringBuilder text, ReadOnlySpan<byte> value)
    {
        var list = new ArrayBufferWriter<byte>();
        for (int at = 0; at < value.Length; at += value[at] + 1)
        {
            if (at > 0)
            {
                list.Write(","u8);
            }

            foreach (byte b in value.Slice(at + 1, value[at]))
            {
                if (b is (byte)',' or (byte)'\\')
                {
                    list.Write("\\"u8);
                }

                list.Write([b]);
            }
        }

        CharacterString.AppendQuoted(text, list.WrittenSpan);
    }

    private static void AppendKey(StringBuilder text, int key)
    {
        if (key < Keys.Length)
        {
            text.Append(Keys[key]);
        }
        else
        {
            text.Append("key").Append(key);
        }
    }

    private static bool TryReadKey(ReadOnlySpan<char> text, out int key)
    {
        for (key = 0; key < Keys.Length; key++)
        {
            if (text.Equals(Keys[key], StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        // Section 2.1: no leading zeros.
        return text.StartsWith("key", StringComparison.OrdinalIgnoreCase)
            && text is not [_, _, _, '0', _, ..]
            && int.TryParse(text[3..], NumberStyles.None, CultureInfo.InvariantCulture, out key)
            && key < ushort.MaxValue;
    }
}
