using System.Globalization;
using System.Text;

namespace Morgana.EndToEnd.Properties;

/// <summary>
/// What a property program must print: the file beside it. Its first line is <c>exit CODE</c>; every other is a line of the console. In a
/// line <c>*</c> stands for anything; a line <c>...</c> stands for any number of lines.
/// </summary>
internal sealed class Expectation
{
    private const string AnyLines = "...";
    private readonly string[] lines;

    private Expectation(int code, string[] lines) => (Code, this.lines) = (code, lines);

    /// <summary>The exit code.</summary>
    public int Code { get; }

    /// <summary>Reads the text of an <c>.expected</c> file.</summary>
    public static Expectation Parse(string text)
    {
        string[] lines = Lines(text);
        return
            lines is [var first, ..]
            && first.StartsWith("exit ", StringComparison.Ordinal)
            && int.TryParse(first.AsSpan(5), CultureInfo.InvariantCulture, out int code)
            ? new Expectation(code, lines[1..])
            : throw new FormatException("The first line of an expectation is: exit CODE");
    }

    /// <summary>Compares.</summary>
    /// <returns>Null when it is as expected; else what is not.</returns>
    public string? Difference(int code, string output)
    {
        string[] printed = Lines(output);
        StringBuilder report = new();
        if (code != Code)
        {
            report.Append(CultureInfo.InvariantCulture, $"The exit code is {code}, not {Code}. ");
        }

        if (!Fits(lines, printed))
        {
            report.Append("It printed other lines than expected. ");
        }

        return report.Length == 0
            ? null
            : report
                .Append(
                    CultureInfo.InvariantCulture,
                    $"Expected:\n{string.Join('\n', lines)}\nPrinted:\n{output}"
                )
                .ToString();
    }

    private static string[] Lines(string text)
    {
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static bool Fits(ReadOnlySpan<string> expected, ReadOnlySpan<string> printed)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] == AnyLines)
            {
                for (int skip = 0; skip <= printed.Length - i; skip++)
                {
                    if (Fits(expected[(i + 1)..], printed[(i + skip)..]))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (i >= printed.Length || !LineFits(expected[i], printed[i]))
            {
                return false;
            }
        }

        return expected.Length == printed.Length;
    }

    private static bool LineFits(string expected, string printed)
    {
        string[] parts = expected.Split('*');
        if (parts.Length == 1)
        {
            return expected == printed;
        }

        if (
            !printed.StartsWith(parts[0], StringComparison.Ordinal)
            || !printed.EndsWith(parts[^1], StringComparison.Ordinal)
        )
        {
            return false;
        }

        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = printed.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return at <= printed.Length - parts[^1].Length;
    }
}
