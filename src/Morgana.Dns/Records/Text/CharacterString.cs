using System.Buffers;
using System.Text;

namespace Morgana.Dns;

/// <summary>Strings in master files: words or quoted text with escapes; characters outside ASCII stand for their UTF-8.</summary>
internal static class CharacterString
{
    /// <summary>Appends what the text stands for.</summary>
    /// <returns>False for an escape that is none.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, IBufferWriter<byte> bytes)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] == '\\')
            {
                at++;
                if (!TextEscape.TryRead(text, ref at, out int value))
                {
                    return false;
                }

                bytes.Write([(byte)value]);
                continue;
            }

            _ = Rune.DecodeFromUtf16(text[at..], out Rune rune, out int consumed);
            at += consumed;
            bytes.Write(utf8[..rune.EncodeToUtf8(utf8)]);
        }

        return true;
    }

    /// <summary>Writes bytes in quotes.</summary>
    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        text.Append('"');
        Span<char> one = stackalloc char[4];
        foreach (byte b in bytes)
        {
            int written = 0;
            _ = TextEscape.TryWrite(b, "\\\"", plainSpace: true, one, ref written);
            text.Append(one[..written]);
        }

        text.Append('"');
    }
}
