using System.Globalization;

namespace Morgana.Build.Oracle;

/// <summary>What people and tools do to a tree, drawn by a seed.</summary>
internal sealed class Edits(EditedTree tree, Random random)
{
    private readonly List<Dictionary<string, string>> branches = [];
    private int count;

    /// <summary>Does one, and says what.</summary>
    /// <param name="during">Whether a build runs: the environment of a process is that of its start.</param>
    public string One(bool during = false)
    {
        string path = Any(tree.Pool);
        string full = tree[path];
        try
        {
            switch (random.Next(during ? 13 : 16))
            {
                case 0 or 1 or 2 or 3:
                    tree.Write(path, Content(path));
                    return "write " + path;
                case 4:
                    File.Delete(full);
                    return "delete " + path;
                case 5:
                    string to = Any(tree.Alike(path));
                    if (File.Exists(full) && full != tree[to])
                    {
                        _ = Directory.CreateDirectory(Path.GetDirectoryName(tree[to])!);
                        File.Move(full, tree[to], overwrite: true);
                    }

                    return $"rename {path} to {to}";
                case 6 or 7:
                    // cp -p, tar, rsync -t: other contents, an older time.
                    tree.Write(path, Content(path));
                    File.SetLastWriteTimeUtc(
                        full,
                        new DateTime(2001, 1, 1, 0, 0, random.Next(3), DateTimeKind.Utc)
                    );
                    return "write with an old time " + path;
                case 8:
                    if (File.Exists(full))
                    {
                        File.SetLastWriteTimeUtc(full, DateTime.UtcNow);
                    }

                    return "touch " + path;
                case 9:
                    string target = Any(tree.Alike(path));
                    if (target != path)
                    {
                        File.Delete(full);
                        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                        _ = File.CreateSymbolicLink(
                            full,
                            Path.GetRelativePath(Path.GetDirectoryName(full)!, tree[target])
                        );
                    }

                    return $"link {path} to {target}";
                case 10:
                    string one = Any(tree.Folders);
                    string other = Any(tree.Folders);
                    Swap(one, other);
                    return $"swap {one} and {other}";
                case 11:
                    branches.Add(State());
                    return "remember a branch";
                case 12:
                    if (branches.Count > 0)
                    {
                        Switch(branches[random.Next(branches.Count)]);
                    }

                    return "switch to a branch";
                case 13:
                    Environment.SetEnvironmentVariable(
                        tree.Variable,
                        random.Next(3) is var value and > 0
                            ? value.ToString(CultureInfo.InvariantCulture)
                            : null
                    );
                    return "set the variable";
                case 14:
                    string[] made =
                    [
                        .. tree
                            .Made.Select(folder => tree[folder])
                            .Where(Directory.Exists)
                            .SelectMany(folder =>
                                Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                            )
                            .Order(StringComparer.Ordinal),
                    ];
                    if (made.Length == 0)
                    {
                        return "nothing";
                    }

                    string damaged = made[random.Next(made.Length)];
                    if (random.Next(2) == 0)
                    {
                        File.Delete(damaged);
                    }
                    else
                    {
                        File.WriteAllText(damaged, "damaged");
                    }

                    return "damage " + Path.GetRelativePath(tree.Root, damaged);
                default:
                    if (tree.Loop.Length == 0)
                    {
                        return "nothing";
                    }

                    string loop = tree[tree.Loop];
                    if (Path.Exists(loop))
                    {
                        File.Delete(loop);
                    }
                    else
                    {
                        _ = Directory.CreateSymbolicLink(loop, "..");
                    }

                    return "a link to a folder above";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A link that leads to itself, a folder in place of a file: the system refuses, and so nothing happened.
            return $"{path}: {e.GetType().Name}";
        }
    }

    private string Content(string path) =>
        tree.Content(
            path,
            $"{random.Next(6)}{(random.Next(3) == 0 ? $" {count++}" : "")}",
            random.Next(12) == 0
        );

    private string Any(IReadOnlyList<string> names) => names[random.Next(names.Count)];

    private void Swap(string one, string other)
    {
        if (one == other || !Directory.Exists(tree[one]) || !Directory.Exists(tree[other]))
        {
            return;
        }

        string aside = tree["aside"];
        Directory.Move(tree[one], aside);
        Directory.Move(tree[other], tree[one]);
        Directory.Move(aside, tree[other]);
    }

    private Dictionary<string, string> State() =>
        tree
            .Pool.Where(path => File.Exists(tree[path]))
            .ToDictionary(path => path, path => File.ReadAllText(tree[path]));

    private void Switch(Dictionary<string, string> branch)
    {
        foreach (string path in tree.Pool)
        {
            string full = tree[path];
            if (!branch.TryGetValue(path, out string? text))
            {
                File.Delete(full);
            }
            else if (
                new FileInfo(full) is { Exists: true, LinkTarget: null }
                && File.ReadAllText(full) == text
            )
            {
                // As git does: what is the same is not touched.
            }
            else
            {
                File.Delete(full);
                tree.Write(path, text);
            }
        }
    }
}
