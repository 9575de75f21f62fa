namespace Morgana.Cli.Run.Reporting;

/// <summary>Writes a command so that a POSIX shell reads back the same words.</summary>
internal static class ShellText
{
    /// <summary>Quotes where needed and joins with spaces.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word)
    {
        bool plain = word.Length > 0;
        foreach (char c in word)
        {
            plain &=
                char.IsAsciiLetterOrDigit(c) || "-_=./:@,+%".Contains(c, StringComparison.Ordinal);
        }

        return plain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
