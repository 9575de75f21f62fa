using System.Globalization;
using System.Text;

namespace Morgana.Build.Actions;

/// <summary>Reads `ar` archives in the System V/GNU format: enough to take members out by name.</summary>
internal static class Archive
{
    private const int HeaderSize = 60;

    /// <summary>The wanted members' contents, by name.</summary>
    /// <exception cref="BuildException">The file is not an archive, or is cut off.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Extract(
        string path,
        IReadOnlySet<string> wanted
    )
    {
        Dictionary<string, ReadOnlyMemory<byte>> found = new(StringComparer.Ordinal);
        foreach ((string name, ReadOnlyMemory<byte> content) in Members(path))
        {
            if (wanted.Contains(name))
            {
                found[name] = content;
            }
        }

        return found;
    }

    /// <summary>All members with their contents, in the archive's order.</summary>
    /// <exception cref="BuildException">The file is not an archive, or is cut off.</exception>
    public static IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> Members(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith("!<arch>\n"u8))
        {
            throw new BuildException("MORGANA012", $"{path} is not an archive.");
        }

        string longNames = "";
        for (int at = 8; at + HeaderSize <= bytes.Length; )
        {
            string name = Encoding.ASCII.GetString(bytes, at, 16).TrimEnd(' ');
            if (
                !int.TryParse(
                    Encoding.ASCII.GetString(bytes, at + 48, 10).TrimEnd(' '),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int size
                )
                || size > bytes.Length - at - HeaderSize
            )
            {
                throw new BuildException("MORGANA012", $"{path} is damaged at byte {at}.");
            }

            ReadOnlyMemory<byte> content = bytes.AsMemory(at + HeaderSize, size);
            if (name == "//")
            {
                longNames = Encoding.ASCII.GetString(content.Span);
            }
            else if (name.Length > 1 && name[0] == '/' && char.IsAsciiDigit(name[1]))
            {
                if (
                    !int.TryParse(
                        name.AsSpan(1),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out int start
                    )
                    || start >= longNames.Length
                )
                {
                    throw new BuildException(
                        "MORGANA012",
                        $"{path} is damaged at byte {at}: its name is not there."
                    );
                }

                int end = longNames.IndexOf('/', start);
                yield return (longNames[start..(end < 0 ? longNames.Length : end)], content);
            }
            else if (name is not ("/" or "/SYM64/"))
            {
                yield return (name.TrimEnd('/'), content);
            }

            at += HeaderSize + size + (size & 1);
        }
    }
}
