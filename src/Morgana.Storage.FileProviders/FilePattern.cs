namespace Morgana.Storage.FileProviders;

/// <summary>A filter of paths: <c>*</c> is anything within a part, <c>**</c> any number of parts, a slash at the end all that is in a folder. Case does not count, as with other file providers.</summary>
internal sealed class FilePattern
{
    private readonly string[] _parts;

    public FilePattern(string filter)
    {
        string[] parts = filter.Split('/', StringSplitOptions.RemoveEmptyEntries);
        _parts = filter.EndsWith('/') ? [.. parts, "**"] : parts;
    }

    /// <summary>True for a path that it fits.</summary>
    public bool Fits(string path) => Fits(_parts, path.Split('/'));

    /// <summary>Linear in both: only the last <c>**</c> need be tried again.</summary>
    private static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        int at = 0;
        int part = 0;
        int star = -1;
        int from = 0;
        while (part < path.Length)
        {
            if (at < pattern.Length && pattern[at] == "**")
            {
                star = at++;
                from = part;
            }
            else if (at < pattern.Length && PartFits(pattern[at], path[part]))
            {
                at++;
                part++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                part = ++from;
            }
            else
            {
                return false;
            }
        }

        return at == pattern.Length || !pattern[at..].ContainsAnyExcept("**");
    }

    private static bool PartFits(string pattern, string text)
    {
        int at = 0;
        int place = 0;
        int star = -1;
        int from = 0;
        while (place < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                from = place;
            }
            else if (
                at < pattern.Length
                && char.ToUpperInvariant(pattern[at]) == char.ToUpperInvariant(text[place])
            )
            {
                at++;
                place++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                place = ++from;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').Length == 0;
    }
}
