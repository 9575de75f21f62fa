using System.Globalization;
using System.Text;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Execution;

/// <summary>
/// Answers a build with nothing to do, in a few milliseconds: all files that the last good build read or made, with the hashes of their contents, and the names in the folders that were
/// looked through. It is only ever an answer "nothing has changed"; whatever else it finds, the plan is looked at.
/// </summary>
public static class CurrentBuild
{
    private const string FileName = "current";
    private const string Absent = "-";
    private const string End = "end\n";

    /// <summary>Notes a build of all contexts that went well.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="owner">What else must be the same, such as the tool's version.</param>
    /// <param name="otherFiles">Further files that must not change.</param>
    /// <param name="hashes">Hashes of files.</param>
    public static void Note(
        BuildPlan plan,
        string owner,
        IEnumerable<string> otherFiles,
        FileHashes hashes
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hashes);
        BuildRecords records = new(plan.StateFolder);
        SortedSet<string> files = new(StringComparer.Ordinal);
        files.UnionWith(otherFiles);
        files.UnionWith(plan.Evaluation.Files.Keys);
        foreach (EvaluatedTree tree in plan.Evaluation.Trees.Where(tree => tree.Tree.Contents))
        {
            files.UnionWith(tree.Tree.Files());
        }

        foreach (BuildAction action in plan.Actions)
        {
            files.UnionWith(action.Inputs);
            files.UnionWith(action.Outputs);
            files.UnionWith(records.Find(action.Id)?.Discovered ?? []);
            if (action.Program.Length > 0 && ProgramPath.Find(action.Program) is string program)
            {
                _ = files.Add(program);
            }
        }

        StringBuilder text = new();
        _ = text.Append(Head(owner)).Append('\n');
        foreach (PlannedImage image in plan.Images)
        {
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"image {image.Context} {new FileInfo(image.Path).Length} {image.Path}\n"
            );
        }

        foreach (EvaluatedTree tree in plan.Evaluation.Trees)
        {
            SourceTree names = tree.Tree with { Contents = false };
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"tree {TreeHash.Of(names, hashes)} {string.Join('|', names.Endings)} {names.Folder}\n"
            );
        }

        foreach (string file in files)
        {
            _ = text.Append(Line(file, hashes.Of(file))).Append('\n');
        }

        // A note that is cut off would vouch for less than all.
        _ = text.Append(End);
        Write(plan.StateFolder, text.ToString());
    }

    /// <summary>The images, when nothing has changed since they were built; null when something has, or nothing is known.</summary>
    /// <param name="stateFolder">The plan's folder.</param>
    /// <param name="owner">As when it was noted.</param>
    public static IReadOnlyList<CurrentImage>? Find(string stateFolder, string owner)
    {
        try
        {
            return Read(stateFolder, owner);
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

    private static List<CurrentImage>? Read(string stateFolder, string owner)
    {
        string path = Path.Combine(stateFolder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        string text = File.ReadAllText(path);
        string head = Head(owner) + "\n";
        if (
            !text.StartsWith(head, StringComparison.Ordinal)
            || !text.EndsWith("\n" + End, StringComparison.Ordinal)
        )
        {
            return null;
        }

        List<CurrentImage> images = [];
        FileHashes? hashes = null;
        StringBuilder? renewed = null;
        foreach (ReadOnlySpan<char> line in text.AsSpan(head.Length..^End.Length).EnumerateLines())
        {
            ReadOnlySpan<char> rest = line;
            if (line.IsEmpty)
            {
                continue;
            }

            ReadOnlySpan<char> kind = Word(ref rest);
            if (kind is "image")
            {
                string context = Word(ref rest).ToString();
                long size = long.Parse(Word(ref rest), CultureInfo.InvariantCulture);
                images.Add(new CurrentImage(context, rest.ToString(), size));
                continue;
            }

            if (kind is "tree")
            {
                ReadOnlySpan<char> names = Word(ref rest);
                SourceTree tree = new()
                {
                    Endings = Word(ref rest).ToString().Split('|'),
                    Contents = false,
                    Folder = rest.ToString(),
                };
                if (!names.SequenceEqual(TreeHash.Of(tree, hashes ??= new FileHashes(stateFolder))))
                {
                    return null;
                }

                continue;
            }

            ReadOnlySpan<char> stamp = Word(ref rest);
            string file = rest.ToString();
            string now = StampOf(file);
            if (now != Absent && stamp.SequenceEqual(now))
            {
                continue;
            }

            string hash = now == Absent && !File.Exists(file) ? Absent : FileHashes.Compute(file);
            if (!kind.SequenceEqual(hash))
            {
                return null;
            }

            if (now != Absent)
            {
                // The same content at another time: next time its stamp is enough.
                renewed ??= new StringBuilder(text);
                _ = renewed.Replace(line.ToString() + "\n", $"{hash} {now} {file}\n");
            }
        }

        if (renewed is not null)
        {
            Write(stateFolder, renewed.ToString());
        }

        return images;
    }

    private static string Head(string owner)
    {
        StringBuilder head = new("morgana-current 1 ");
        _ = head.Append(owner);
        foreach (
            (string name, string value) in Evaluation
                .CurrentVariables()
                .Where(variable => variable.Value.Length > 0)
                .Append(
                    new KeyValuePair<string, string>(
                        "PATH",
                        Environment.GetEnvironmentVariable("PATH") ?? ""
                    )
                )
                .OrderBy(variable => variable.Key, StringComparer.Ordinal)
        )
        {
            _ = head.Append(' ').Append(name).Append('=').Append(value);
        }

        return head.Replace('\n', ' ').ToString();
    }

    private static string Line(string file, string hash) =>
        $"{(hash.Length == 0 ? Absent : hash)} {StampOf(file)} {file}";

    /// <summary>The stamp in one word; <see cref="Absent"/> for a file that is not there, or was changed only just now.</summary>
    private static string StampOf(string file) =>
        FileStamp.Of(file) is { IsFresh: false } stamp
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{stamp.Size}:{stamp.Modified}:{stamp.Changed}:{stamp.Inode}"
            )
            : Absent;

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

    private static void Write(string stateFolder, string text)
    {
        try
        {
            AtomicFile.Write(Path.Combine(stateFolder, FileName), Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the next build looks at the plan.
        }
    }
}

/// <summary>An image that is as it was built.</summary>
/// <param name="Context">Its context.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record CurrentImage(string Context, string Path, long Size);
