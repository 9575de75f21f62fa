namespace Morgana.Dns;

/// <summary>Names in master-file form (RFC 1035 section 5.1): dots between labels, \. and \DDD escapes, @ for the origin.</summary>
internal static class NameText
{
    /// <summary>Characters that mean something in a master file and so are written with a backslash.</summary>
    private const string Special = ".\\\"();@$";

    public static NameTextError TryParse(ReadOnlySpan<char> text, DnsName origin, out DnsName name)
    {
        name = DnsName.Root;
        if (text.IsEmpty)
        {
            return NameTextError.Empty;
        }

        if (text is "@")
        {
            name = origin;
            return NameTextError.None;
        }

        if (text is ".")
        {
            return NameTextError.None;
        }

        Span<byte> wire = stackalloc byte[DnsName.MaxLength];
        int lengthAt = 0;
        int at = 1;
        bool absolute = false;
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i++];
            absolute = false;
            if (c == '.')
            {
                int label = at - lengthAt - 1;
                if (label == 0)
                {
                    return NameTextError.EmptyLabel;
                }

                wire[lengthAt] = (byte)label;
                lengthAt = at;
                if (at >= wire.Length)
                {
                    return NameTextError.TooLong;
                }

                at++;
                absolute = true;
                continue;
            }

            int value = c;
            if (c == '\\' && !TextEscape.TryRead(text, ref i, out value))
            {
                return NameTextError.Escape;
            }

            if (value > 0x7f && c != '\\')
            {
                return NameTextError.NotAscii;
            }

            if (at - lengthAt > DnsName.MaxLabelLength)
            {
                return NameTextError.LabelTooLong;
            }

            if (at >= wire.Length)
            {
                return NameTextError.TooLong;
            }

            wire[at++] = (byte)value;
        }

        ReadOnlySpan<byte> end = [0];
        if (!absolute)
        {
            wire[lengthAt] = (byte)(at - lengthAt - 1);
            end = origin.Wire;
        }
        else
        {
            at--;
        }

        if (at + end.Length > DnsName.MaxLength)
        {
            return NameTextError.TooLong;
        }

        byte[] result = new byte[at + end.Length];
        wire[..at].CopyTo(result);
        end.CopyTo(result.AsSpan(at));
        name = DnsName.FromGoodWire(result);
        return NameTextError.None;
    }

    public static string Explain(NameTextError error, ReadOnlySpan<char> text)
    {
        string reason = error switch
        {
            NameTextError.Empty => "it is empty: write . for the root",
            NameTextError.EmptyLabel =>
                "there is nothing between two dots: write one dot, or \\. for a dot inside a label",
            NameTextError.LabelTooLong => "a label has more than 63 bytes: shorten it",
            NameTextError.TooLong => "it has more than 255 bytes (with its origin): shorten it",
            NameTextError.Escape =>
                "a backslash must be followed by a character, or by three digits from 000 to 255",
            _ =>
                "it has a character outside ASCII: write the name in its xn-- form, or the byte as \\DDD",
        };
        return $"'{text}' is not a domain name: {reason}.";
    }

    public static bool TryFormat(ReadOnlySpan<byte> wire, Span<char> destination, out int written)
    {
        written = 0;
        if (wire.Length == 1)
        {
            if (destination.IsEmpty)
            {
                return false;
            }

            destination[written++] = '.';
            return true;
        }

        int at = 0;
        for (int length; (length = wire[at]) != 0; at += length + 1)
        {
            foreach (byte b in wire.Slice(at + 1, length))
            {
                if (!TextEscape.TryWrite(b, Special, plainSpace: false, destination, ref written))
                {
                    written = 0;
                    return false;
                }
            }

            if (written == destination.Length)
            {
                written = 0;
                return false;
            }

            destination[written++] = '.';
        }

        return true;
    }
}

/// <summary>Why text is not a name.</summary>
internal enum NameTextError
{
    None,
    Empty,
    EmptyLabel,
    LabelTooLong,
    TooLong,
    Escape,
    NotAscii,
}
