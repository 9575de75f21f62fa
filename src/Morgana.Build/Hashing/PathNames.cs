using System.Buffers;

namespace Morgana.Build.Hashing;

/// <summary>
/// Puts names in place of folders whose place does not matter, so that a checkout in another folder, and another user, find what was built before.
/// </summary>
public sealed class PathNames
{
    /// <summary>What can follow a folder's path in an argument, and is no part of a longer name.</summary>
    private static readonly SearchValues<char> After = SearchValues.Create("/\\:;,=\"' )");
    private readonly (string Folder, string Name)[] roots;

    /// <summary>Takes the folders, with the names in place of them.</summary>
    public PathNames(IReadOnlyDictionary<string, string> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);

        // The longest first: a folder inside of another one has a name of its own.
        this.roots =
        [
            .. roots
                .Where(root => root.Key.Length > 1)
                .OrderByDescending(root => root.Key.Length)
                .ThenBy(root => root.Key, StringComparer.Ordinal)
                .Select(root => (root.Key, root.Value)),
        ];
    }

    /// <summary>The path with the folder in place of the name that it begins with.</summary>
    public string Unmap(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach ((string folder, string name) in roots)
        {
            if (path.StartsWith(name, StringComparison.Ordinal))
            {
                return folder + path[name.Length..];
            }
        }

        return path;
    }

    /// <summary>The text with the names in place of the folders, wherever they stand in it as a whole: <c>/a/b</c> is not in <c>/a/bc</c>.</summary>
    public string Map(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((string folder, string name) in roots)
        {
            for (
                int at = text.IndexOf(folder, StringComparison.Ordinal);
                at >= 0;
                at = text.IndexOf(folder, at, StringComparison.Ordinal)
            )
            {
                int end = at + folder.Length;
                if (end == text.Length || After.Contains(text[end]))
                {
                    text = string.Concat(text.AsSpan(0, at), name, text.AsSpan(end));
                    at += name.Length;
                }
                else
                {
                    at = end;
                }
            }
        }

        return text;
    }
}
