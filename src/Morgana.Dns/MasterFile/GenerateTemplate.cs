using System.Globalization;
using System.Text;

namespace Morgana.Dns;

/// <summary>The templates of $GENERATE, as BIND has them: $ is the number, ${offset,width,base} the number changed and formatted, $$ a dollar.</summary>
internal static class GenerateTemplate
{
    public static bool TryExpand(string template, int number, out string text)
    {
        var result = new StringBuilder(template.Length + 16);
        text = "";
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            char next = i + 1 < template.Length ? template[i + 1] : '\0';
            if (c == '\\' && next != '\0')
            {
                result.Append(c).Append(next);
                i++;
            }
            else if (c != '$')
            {
                result.Append(c);
            }
            else if (next == '$')
            {
                result.Append("\\$");
                i++;
            }
            else if (next != '{')
            {
                result.Append(number);
            }
            else
            {
                int end = template.IndexOf('}', i);
                if (end < 0 || !TryAppend(result, template[(i + 2)..end], number))
                {
                    return false;
                }

                i = end;
            }
        }

        text = result.ToString();
        return true;
    }

    private static bool TryAppend(StringBuilder result, string format, int number)
    {
        string[] parts = format.Split(',');
        int width = 0;
        if (
            parts.Length > 3
            || !int.TryParse(
                parts[0],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out int offset
            )
            || (
                parts.Length > 1
                && !int.TryParse(
                    parts[1],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out width
                )
            )
            || width > 255
        )
        {
            return false;
        }

        long value = (long)number + offset;
        string? digits = (parts.Length > 2 ? parts[2] : "d") switch
        {
            "d" => value.ToString(CultureInfo.InvariantCulture),
            "o" => Convert.ToString(value, 8),
            "x" => value.ToString("x", CultureInfo.InvariantCulture),
            "X" => value.ToString("X", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (digits is null)
        {
            return false;
        }

        result.Append(digits.PadLeft(width, '0'));
        return true;
    }
}
