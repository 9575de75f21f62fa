using System.Globalization;
using System.Text;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;

namespace Morgana.Build.Observation;

/// <summary>
/// What the last good build of all contexts read and made, <c>obj/morgana/note</c>: which place it was for, the environment, a snapshot of all files and folders. While
/// nothing of it has changed, that build's images are what a build would make.
/// </summary>
public sealed class BuildNote
{
    private const string FileName = "note";
    private const string Head = "morgana-note 3";
    private const string End = "end";

    /// <summary>The project's folder.</summary>
    public required string Place { get; init; }

    /// <summary>What else must be the same, such as the tool's version.</summary>
    public required string Owner { get; init; }

    /// <summary>The hash of the plan's file: another program may have made another plan meanwhile.</summary>
    public required string Plan { get; init; }

    /// <summary>All that MSBuild saw of the environment.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>The images, with what is said of them; none when the build was not of all contexts.</summary>
    public required IReadOnlyList<CurrentImage> Images { get; init; }

    /// <summary>How everything was.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Full paths of files in the tree that MSBuild's targets wrote.</summary>
    public IReadOnlyList<string> Written { get; init; } = [];

    /// <summary>Reads the note of a folder.</summary>
    /// <returns>Null when there is none, it is damaged, of another place or of another version.</returns>
    public static BuildNote? Find(string stateFolder, string place, string owner)
    {
        try
        {
            string path = Path.Combine(stateFolder, FileName);
            return File.Exists(path) ? Parse(File.ReadAllText(path), place, owner) : null;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or FormatException
                        or OverflowException
                        or ArgumentException
            )
        {
            return null;
        }
    }

    /// <summary>Takes the note back.</summary>
    public static void Forget(string stateFolder) =>
        File.Delete(Path.Combine(stateFolder, FileName));

    /// <summary>Writes it. When it cannot be written the next build looks for itself.</summary>
    public void Write(string stateFolder)
    {
        StringBuilder text = new(Snapshot.Entries.Count * 160);
        Line(Head);
        Line("place", Place);
        Line("owner", Owner);
        Line("plan", Plan);
        Line("everywhere", Snapshot.Everywhere ? "1" : "0");
        foreach (string variable in Variables)
        {
            Line("variable", variable);
        }

        foreach (string folder in Snapshot.OwnOutputs)
        {
            Line("output", folder);
        }

        foreach (string file in Written)
        {
            Line("written", file);
        }

        foreach (CurrentImage image in Images)
        {
            Line(
                "image",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{image.Context} {image.Size} {image.Path}"
                )
            );
        }

        foreach ((string path, SnapshotEntry entry) in Snapshot.Entries)
        {
            Line(
                entry.Kind switch
                {
                    PathKind.File => "f",
                    PathKind.Folder => "d",
                    PathKind.Link => "l",
                    PathKind.None => "a",
                    _ => "o",
                },
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(entry.Stamp is { } s ? $"{s.Size}:{s.Modified}:{s.Changed}:{s.Inode}" : "-")} {(entry.Kind == PathKind.Link ? Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.Hash)) : entry.Hash)} {path}"
                )
            );
        }

        // A note that is cut off would vouch for less than all.
        Line(End);
        try
        {
            AtomicFile.Write(
                Path.Combine(stateFolder, FileName),
                Encoding.UTF8.GetBytes(text.ToString())
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the one of before stays: it knows of another plan, or sees what changed.
        }

        void Line(string kind, string rest = "")
        {
            _ = text.Append(kind);
            if (rest.Length > 0)
            {
                _ = text.Append(' ')
                    .Append(
                        rest.AsSpan().IndexOfAny('\n', '\r', '\\') < 0
                            ? rest
                            : rest.Replace("\\", "\\\\", StringComparison.Ordinal)
                                .Replace("\n", "\\n", StringComparison.Ordinal)
                                .Replace("\r", "\\r", StringComparison.Ordinal)
                    );
            }

            _ = text.Append('\n');
        }
    }

    private static BuildNote? Parse(string text, string place, string owner)
    {
        if (
            !text.StartsWith(Head + "\n", StringComparison.Ordinal)
            || !text.EndsWith("\n" + End + "\n", StringComparison.Ordinal)
        )
        {
            return null;
        }

        string notedPlace = "";
        string notedOwner = "";
        string plan = "";
        bool everywhere = false;
        List<string> variables = [];
        List<string> outputs = [];
        List<string> written = [];
        List<CurrentImage> images = [];
        Snapshot? snapshot = null;
        foreach (ReadOnlySpan<char> raw in text.AsSpan(Head.Length + 1).EnumerateLines())
        {
            int space = raw.IndexOf(' ');
            ReadOnlySpan<char> kind = space < 0 ? raw : raw[..space];
            ReadOnlySpan<char> rest = space < 0 ? [] : raw[(space + 1)..];
            if (rest.Contains('\\'))
            {
                rest = Unescape(rest);
            }

            switch (kind)
            {
                case "place":
                    notedPlace = rest.ToString();
                    break;
                case "owner":
                    notedOwner = rest.ToString();
                    break;
                case "plan":
                    plan = rest.ToString();
                    break;
                case "everywhere":
                    everywhere = rest is "1";
                    break;
                case "variable":
                    variables.Add(rest.ToString());
                    break;
                case "output":
                    outputs.Add(rest.ToString());
                    break;
                case "written":
                    written.Add(rest.ToString());
                    break;
                case "image":
                    string context = Word(ref rest).ToString();
                    long size = long.Parse(Word(ref rest), CultureInfo.InvariantCulture);
                    images.Add(new CurrentImage(context, rest.ToString(), size));
                    break;
                case "f" or "d" or "l" or "a" or "o":
                    snapshot ??= new Snapshot(outputs, everywhere);
                    FileStamp? stamp = Stamp(Word(ref rest));
                    string hash = Word(ref rest).ToString();
                    PathKind what = kind[0] switch
                    {
                        'f' => PathKind.File,
                        'd' => PathKind.Folder,
                        'l' => PathKind.Link,
                        'a' => PathKind.None,
                        _ => PathKind.Other,
                    };
                    snapshot.Restore(
                        rest.ToString(),
                        new SnapshotEntry(
                            what,
                            stamp,
                            what == PathKind.Link
                                ? Encoding.UTF8.GetString(Convert.FromBase64String(hash))
                                : hash
                        )
                    );
                    break;
            }
        }

        return notedPlace == place && notedOwner == owner && snapshot is not null
            ? new BuildNote
            {
                Place = notedPlace,
                Owner = notedOwner,
                Plan = plan,
                Variables = variables,
                Images = images,
                Snapshot = snapshot,
                Written = written,
            }
            : null;
    }

    private static FileStamp? Stamp(ReadOnlySpan<char> text)
    {
        if (text is "-")
        {
            return null;
        }

        Span<Range> parts = stackalloc Range[5];
        return text.Split(parts, ':') == 4
            ? new FileStamp(
                long.Parse(
                    text[parts[0]],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture
                ),
                long.Parse(
                    text[parts[1]],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture
                ),
                long.Parse(
                    text[parts[2]],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture
                ),
                ulong.Parse(text[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture)
            )
            : throw new FormatException();
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                _ = plain.Append(
                    text[i] switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        char c => c,
                    }
                );
            }
            else
            {
                _ = plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf(' ');
        if (end < 0)
        {
            throw new FormatException();
        }

        ReadOnlySpan<char> word = rest[..end];
        rest = rest[(end + 1)..];
        return word;
    }
}

/// <summary>An image that is as it was built.</summary>
/// <param name="Context">Its context.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record CurrentImage(string Context, string Path, long Size);
