using System.Globalization;
using System.Text;

namespace Morgana.Workspace.Reading;

/// <summary>How MSBuild writes values: lists with semicolons, and <c>%3B</c> for a letter that would otherwise mean something.</summary>
internal static class ItemText
{
    /// <summary>The parts of a list, unescaped, without empty ones.</summary>
    public static IReadOnlyList<string> List(string? text) =>
        text is null
            ? []
            :
            [
                .. text.Split(
                        ';',
                        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                    )
                    .Select(Unescape),
            ];

    /// <summary>Turns <c>%XX</c> into the letter with that number; any other <c>%</c> stays.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (
                text[at] == '%'
                && at + 2 < text.Length
                && byte.TryParse(
                    text.AsSpan(at + 1, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out byte letter
                )
            )
            {
                _ = result.Append((char)letter);
                at += 2;
            }
            else
            {
                _ = result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    /// <summary>Writes a part of a list so that <see cref="List"/> reads it back.</summary>
    public static string Escape(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (char c in text)
        {
            _ = c is '%' or '$' or '@' or '\'' or '(' or ')' or ';' or '?' or '*'
                ? result.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}")
                : result.Append(c);
        }

        return result.ToString();
    }
}
