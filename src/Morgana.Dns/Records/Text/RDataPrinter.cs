using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Morgana.Net;

namespace Morgana.Dns;

/// <summary>Prints the data of records as master files write it, by its layout; what has no such form as RFC 3597 section 5 says.</summary>
internal static class RDataPrinter
{
    public static void Append(StringBuilder text, RDataView data)
    {
        RDataLayout layout = data.Layout;
        if (
            layout.IsUnknown
            || data.Type is RecordType.Null or RecordType.Opt
            || !data.IsWellFormed
        )
        {
            AppendGeneric(text, data);
            return;
        }

        // A bitmap of ports may end in zeros, which its text form cannot say.
        if (data.Type == RecordType.Wks && data.Raw is [.., 0] && data.Length > 5)
        {
            AppendGeneric(text, data);
            return;
        }

        int start = text.Length;
        RDataFieldReader fields = data.Fields;
        while (fields.MoveNext())
        {
            if (
                text.Length > start
                && fields.Field is not (RDataField.ServiceParameters or RDataField.TypeBitmap)
            )
            {
                text.Append(' ');
            }

            AppendField(text, ref fields);
        }
    }

    /// <summary>\# length hex, with names expanded.</summary>
    public static void AppendGeneric(StringBuilder text, RDataView data)
    {
        ReadOnlySpan<byte> wire =
            data.Layout.HasNames && data.IsWellFormed ? data.ToRData().Wire : data.Raw;
        text.Append(CultureInfo.InvariantCulture, $"\\# {wire.Length}");
        if (!wire.IsEmpty)
        {
            text.Append(' ').Append(Convert.ToHexString(wire));
        }
    }

    private static void AppendField(StringBuilder text, ref RDataFieldReader fields)
    {
        ReadOnlySpan<byte> bytes = fields.Bytes;
        switch (fields.Field)
        {
            case RDataField.Byte:
                text.Append(bytes[0]);
                break;
            case RDataField.UInt16:
                text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes));
                break;
            case RDataField.UInt32 or RDataField.Seconds:
                text.Append(BinaryPrimitives.ReadUInt32BigEndian(bytes));
                break;
            case RDataField.Timestamp:
                Duration.AppendTimestamp(text, BinaryPrimitives.ReadUInt32BigEndian(bytes));
                break;
            case RDataField.Type:
                text.Append(((RecordType)BinaryPrimitives.ReadUInt16BigEndian(bytes)).ToText());
                break;
            case RDataField.Ipv4:
                text.Append(IpAddress.ReadV4(bytes));
                break;
            case RDataField.Ipv6:
                text.Append(IpAddress.ReadV6(bytes));
                break;
            case RDataField.CompressibleName or RDataField.Name or RDataField.PlainName:
                text.Append(fields.Name.ToName());
                break;
            case RDataField.String:
                CharacterString.AppendQuoted(text, bytes[1..]);
                break;
            case RDataField.Strings:
                for (int at = 0; at < bytes.Length; at += bytes[at] + 1)
                {
                    text.Append(at == 0 ? "" : " ");
                    CharacterString.AppendQuoted(text, bytes.Slice(at + 1, bytes[at]));
                }

                break;
            case RDataField.Tag:
                text.Append(Encoding.ASCII.GetString(bytes[1..]));
                break;
            case RDataField.QuotedRest:
                CharacterString.AppendQuoted(text, bytes);
                break;
            case RDataField.Base64Rest:
                text.Append(Convert.ToBase64String(bytes));
                break;
            case RDataField.HexRest:
                text.Append(Convert.ToHexString(bytes));
                break;
            case RDataField.Salt:
                text.Append(bytes.Length == 1 ? "-" : Convert.ToHexString(bytes[1..]));
                break;
            case RDataField.Hash:
                Base32Hex.Append(text, bytes[1..]);
                break;
            case RDataField.TypeBitmap:
                foreach (RecordType type in new TypeBitmapView(bytes))
                {
                    text.Append(' ').Append(type.ToText());
                }

                break;
            case RDataField.ServiceParameters:
                ServiceParameterText.Append(text, new ServiceParametersView(bytes));
                break;
            case RDataField.Services:
                text.Append(bytes[0]);
                for (int port = 0; port < 8 * (bytes.Length - 1); port++)
                {
                    if ((bytes[1 + port / 8] & 0x80 >> port % 8) != 0)
                    {
                        text.Append(' ').Append(port);
                    }
                }

                break;
            default:
                // The remaining kinds are printed in the generic form as a whole.
                throw new InvalidOperationException($"The field {fields.Field} has no text form.");
        }
    }
}
