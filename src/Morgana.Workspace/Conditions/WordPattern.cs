namespace Morgana.Workspace.Conditions;

/// <summary>A word in which <c>*</c> stands for any letters and <c>?</c> for one; case does not count.</summary>
public static class WordPattern
{
    /// <summary>True when the word has a wildcard.</summary>
    public static bool HasWildcard(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.AsSpan().IndexOfAny('*', '?') >= 0;
    }

    /// <summary>Whether the whole of <paramref name="word"/> is what the pattern describes; in time proportional to the product of their lengths.</summary>
    public static bool Matches(string pattern, string word)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(word);
        int p = 0;
        int w = 0;
        int star = -1;
        int resume = 0;
        while (w < word.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = w;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || Same(pattern[p], word[w])))
            {
                p++;
                w++;
            }
            else if (star >= 0)
            {
                // The last star takes one letter more.
                p = star + 1;
                w = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool Same(char a, char b) =>
        a == b || char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
