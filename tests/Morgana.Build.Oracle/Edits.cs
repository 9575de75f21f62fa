using System.Globalization;

namespace Morgana.Build.Oracle;

/// <summary>What people and tools do to a tree, drawn by a seed.</summary>
internal sealed class Edits(StandInWorld world, Random random)
{
    private static readonly string[] Pool =
    [
        "app/src/a.src",
        "app/src/b.src",
        "app/src/sub/d.src",
        "app/src/bin/e.src",
        "app/src/obj/f.src",
        "app/src/dist/g.src",
        "lib/l.src",
        "lib/m.src",
        "lib/artifacts/n.src",
        "lib/node_modules/o.src",
        "lib/notes.txt",
        "shared/r1",
        "shared/r2",
        "shared/x~",
        "shared/.well-known/w",
        "shared/dist/z",
        "VERSION",
        "common.props",
        "deep.props",
        "absent.props",
        "template.txt",
        "data/p",
        "data/q",
        "app/inc1/h1.h",
        "app/inc1/h2.h",
        "app/inc1/h3.h",
        "app/inc2/h1.h",
        "app/inc2/h2.h",
        "app/native/h3.h",
        "app/native/x.c",
        "tools/csc",
        "tools/cc",
        "tools/step",
        "app/config.cs",
    ];

    private static readonly string[] Folders =
    [
        "app/src/sub",
        "app/src/bin",
        "lib/artifacts",
        "shared/dist",
        "shared/.well-known",
        "app/inc1",
        "app/inc2",
        "data",
    ];

    private readonly List<Dictionary<string, string>> branches = [];
    private int count;

    /// <summary>Does one, and says what.</summary>
    /// <param name="during">Whether a build runs: the environment of a process is that of its start.</param>
    public string One(bool during = false)
    {
        string path = Pool[random.Next(Pool.Length)];
        string full = world[path];
        try
        {
            switch (random.Next(during ? 13 : 16))
            {
                case 0 or 1 or 2 or 3:
                    world.Write(path, Content(path));
                    return "write " + path;
                case 4:
                    File.Delete(full);
                    return "delete " + path;
                case 5:
                    string to = Pool[random.Next(Pool.Length)];
                    if (File.Exists(full) && full != world[to])
                    {
                        _ = Directory.CreateDirectory(Path.GetDirectoryName(world[to])!);
                        File.Move(full, world[to], overwrite: true);
                    }

                    return $"rename {path} to {to}";
                case 6 or 7:
                    // cp -p, tar, rsync -t: other contents, an older time.
                    world.Write(path, Content(path));
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
                    string target = Pool[random.Next(Pool.Length)];
                    if (target != path)
                    {
                        File.Delete(full);
                        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                        _ = File.CreateSymbolicLink(full, world[target]);
                    }

                    return $"link {path} to {target}";
                case 10:
                    string one = Folders[random.Next(Folders.Length)];
                    string other = Folders[random.Next(Folders.Length)];
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
                        StandInWorld.Variable,
                        random.Next(3) is var value and > 0
                            ? value.ToString(CultureInfo.InvariantCulture)
                            : null
                    );
                    return "set the variable";
                case 14:
                    string[] made =
                    [
                        .. new[] { world["app/dist"], world["app/obj"], world["app/made"] }
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

                    return "damage " + Path.GetRelativePath(world.Tree, damaged);
                default:
                    string loop = world["app/src/loop"];
                    if (Path.Exists(loop))
                    {
                        File.Delete(loop);
                    }
                    else
                    {
                        _ = Directory.CreateSymbolicLink(loop, world["app"]);
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

    private string Content(string path)
    {
        string text = $"{random.Next(6)}{(random.Next(3) == 0 ? $" {count++}" : "")}";
        return path switch
        {
            "common.props" => $"import deep.props\nset {text}",
            "deep.props" or "absent.props" => $"set {text}",
            "app/native/x.c" => $"{text}\n#include h1.h\n#include h2.h",
            _ when path.EndsWith("h2.h", StringComparison.Ordinal) => $"{text}\n#include h3.h",
            _ => text,
        };
    }

    private void Swap(string one, string other)
    {
        if (one == other || !Directory.Exists(world[one]) || !Directory.Exists(world[other]))
        {
            return;
        }

        string aside = world["aside"];
        Directory.Move(world[one], aside);
        Directory.Move(world[other], world[one]);
        Directory.Move(aside, world[other]);
    }

    private Dictionary<string, string> State() =>
        Pool.Where(path => File.Exists(world[path]))
            .ToDictionary(path => path, path => File.ReadAllText(world[path]));

    private void Switch(Dictionary<string, string> branch)
    {
        foreach (string path in Pool)
        {
            string full = world[path];
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
                world.Write(path, text);
            }
        }
    }
}
