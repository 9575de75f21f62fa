using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Build.Caching;
using Morgana.Cli.Ide;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana clean</c>.</summary>
internal static class CleanCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        Option<string?> file = CommonOptions.File();
        Option<string?> folder = CommonOptions.Folder();
        Option<bool> dryRun = new("--dry-run", "-n")
        {
            Description = "say what would be removed, and remove nothing",
        };
        Option<bool> cache = new("--cache")
        {
            Description =
                "empty the user's cache of what was built, which all folders share; nothing in this folder",
        };
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "clean",
            "Removes what configure and build have made: generated files, bin, obj and images. Never a file of yours."
        )
        {
            file,
            folder,
            dryRun,
            cache,
            json,
        };
        command.SetAction(parsed =>
        {
            bool dry = parsed.GetValue(dryRun);
            (List<string> removed, List<string> kept) = parsed.GetValue(cache)
                ? CleanCache(dry)
                : Clean(CommonOptions.Open(parsed, directory, folder, file), dry);
            if (parsed.GetValue(json))
            {
                terminal.Json(
                    new JsonObject
                    {
                        ["removed"] = new JsonArray([.. removed.Select(r => (JsonNode)r)]),
                        ["kept"] = new JsonArray([.. kept.Select(k => (JsonNode)k)]),
                        ["dryRun"] = dry,
                    }
                );
                return ExitCode.Done;
            }

            foreach (string path in removed)
            {
                terminal.Out.Write($"{(dry ? "would remove" : "removed")}  {path}\n");
            }

            foreach (string path in kept)
            {
                terminal.Out.Write($"kept     {path} (not as the tool wrote it)\n");
            }

            if (removed.Count == 0)
            {
                terminal.Out.Write("There is nothing to remove.\n");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static (List<string> Removed, List<string> Kept) CleanCache(bool dry)
    {
        if (CacheLocation.Folder() is not string path || !Directory.Exists(path))
        {
            return ([], []);
        }

        if (!dry)
        {
            new ActionCache(path, CacheLocation.Limit()).Clear();
        }

        return ([path], []);
    }

    private static (List<string> Removed, List<string> Kept) Clean(UnikernelFolder folder, bool dry)
    {
        List<string> removed = [];
        List<string> kept = [];
        SavedContext? context = null;
        try
        {
            context = folder.ReadContext();
        }
        catch (CommandException)
        {
            // Without a context the head lines still tell which files are the tool's.
        }

        if (Directory.Exists(folder.GeneratedPath))
        {
            foreach ((string path, bool own) in IdeFiles.Present(folder).ToList())
            {
                Note(path, own);
            }

            string configuration = Path.Combine(folder.Location, ConfigurationProject.Folder);
            if (Directory.Exists(configuration))
            {
                RemoveWhenEmpty(configuration);
            }

            foreach (
                string path in Directory
                    .GetFiles(folder.GeneratedPath)
                    .Where(path => !path.EndsWith(".slnx", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
            )
            {
                string name = Path.GetFileName(path);
                string? recorded = context?.Files.GetValueOrDefault(name);
                bool own =
                    recorded == SavedContext.Hash(File.ReadAllBytes(path))
                    || (
                        recorded is null
                        && File.ReadAllText(path)
                            .Contains(GeneratedFiles.Mark, StringComparison.Ordinal)
                    );
                Note(path, own);
            }

            RemoveWhenEmpty(folder.GeneratedPath);
        }

        foreach (string name in (string[])["bin", "obj"])
        {
            string path = Path.Combine(folder.Location, name);
            if (!Directory.Exists(path))
            {
                continue;
            }

            removed.Add(name + "/");
            if (!dry)
            {
                // A link is removed as a link: what it leads to may be anybody's.
                if (new DirectoryInfo(path).LinkTarget is not null)
                {
                    File.Delete(path);
                }
                else
                {
                    Directory.Delete(path, recursive: true);
                }
            }
        }

        if (Directory.Exists(folder.ImagesPath))
        {
            IReadOnlyList<string> names = [.. ImageNames(folder, context)];
            IReadOnlyList<Target> targets = [.. Target.BuiltIn.Concat(context?.OwnTargets ?? [])];
            // Built for this architecture or that, alone or beside others: any name that an image of ours can have.
            HashSet<string> ours =
            [
                .. from name in names
                from target in targets
                from architecture in target.Architectures
                from architectures in (IReadOnlyList<string>[])
                    [
                        [architecture],
                        target.Architectures,
                    ]
                select target.ImageName(name, architecture, architectures),
            ];
            foreach (
                string path in Directory.GetFiles(folder.ImagesPath).Order(StringComparer.Ordinal)
            )
            {
                string name = Path.GetFileName(path);
                // The images, and what may stand beside one: hello.spt.debug, hello.spt.map.
                Note(
                    path,
                    ours.Any(image =>
                        name == image || name.StartsWith(image + ".", StringComparison.Ordinal)
                    )
                );
            }

            RemoveWhenEmpty(folder.ImagesPath);
        }

        return (removed, kept);

        void Note(string path, bool own)
        {
            (own ? removed : kept).Add(Path.GetRelativePath(folder.Location, path));
            if (own && !dry)
            {
                File.Delete(path);
            }
        }

        void RemoveWhenEmpty(string path)
        {
            if (!dry && !Directory.EnumerateFileSystemEntries(path).Any())
            {
                Directory.Delete(path);
            }
        }
    }

    /// <summary>The names that images can have: that of the configuration, else those of the projects.</summary>
    private static IEnumerable<string> ImageNames(UnikernelFolder folder, SavedContext? context) =>
        Directory
            .GetFiles(folder.Location, "*.csproj")
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Concat(context is null ? [] : [context.Name]);
}
