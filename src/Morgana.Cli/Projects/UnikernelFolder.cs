using System.Text.Json;
using Morgana.Cli.Output;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Projects;

/// <summary>The folder of one unikernel, and where everything in it is.</summary>
internal sealed class UnikernelFolder
{
    private UnikernelFolder(string path, string configFile)
    {
        Location = path;
        ConfigFile = configFile;
    }

    /// <summary>Full path of the folder.</summary>
    public string Location { get; }

    /// <summary>File name of the configuration: config.cs.</summary>
    public string ConfigFile { get; }

    /// <summary>Full path of the configuration.</summary>
    public string ConfigPath => Path.Combine(Location, ConfigFile);

    /// <summary>Full path of the folder with the generated files.</summary>
    public string GeneratedPath => Path.Combine(Location, GeneratedFiles.Folder);

    /// <summary>Full path of the folder with the images.</summary>
    public string ImagesPath => Path.Combine(Location, "dist");

    /// <summary>Full path of the tool's own notes, which can be thrown away at any time.</summary>
    public string CachePath => Path.Combine(Location, "obj", "morgana");

    /// <summary>
    /// Full path of what NuGet's restore of the unikernel decides: where the last <c>morgana depends</c> found it, since ArtifactsPath and the like may put
    /// it anywhere.
    /// </summary>
    public string AssetsPath =>
        File.Exists(AssetsNote)
        && File.ReadAllText(AssetsNote) is { } noted
        && File.Exists(noted = Path.GetFullPath(noted, Location))
            ? noted
            : Path.Combine(Location, "obj", "project.assets.json");

    private string AssetsNote => Path.Combine(CachePath, "assets");

    /// <summary>Notes where the restore has put it, relative to the folder, which may be moved or copied.</summary>
    public Task NoteAssetsAsync(string path, CancellationToken cancellation) =>
        PlacedFile.WriteAsync(AssetsNote, NameOf(path), cancellation);

    /// <summary>A path as messages and answers have it: from this folder, with '/' on every host.</summary>
    public string NameOf(string path) =>
        Path.GetRelativePath(Location, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The folder at <paramref name="directory"/> with the configuration <paramref name="config"/>.</summary>
    /// <exception cref="CommandException">There is no configuration.</exception>
    public static UnikernelFolder Open(string directory, string? config)
    {
        string path = Path.GetFullPath(config ?? "config.cs", directory);
        if (config is not null && Directory.Exists(path))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"-f {config} is a folder: name the configuration in it, or use -C {config}."
            );
        }

        if (!File.Exists(path))
        {
            throw new CommandException(
                ExitCode.Usage,
                config is null
                    ? $"There is no config.cs in {directory}: change to the folder of a unikernel, or name it with -C DIR."
                    : $"There is no file {config}."
            );
        }

        return new UnikernelFolder(Path.GetDirectoryName(path)!, Path.GetFileName(path));
    }

    /// <summary>What the folder was configured for; null when it is not configured.</summary>
    /// <exception cref="CommandException">The saved context is damaged.</exception>
    public SavedContext? ReadContext()
    {
        string path = Path.Combine(GeneratedPath, SavedContext.FileName);
        try
        {
            return File.Exists(path) ? SavedContext.FromJson(File.ReadAllText(path)) : null;
        }
        catch (JsonException exception)
        {
            throw new CommandException(
                ExitCode.NotConfigured,
                $"{GeneratedFiles.Folder}/{SavedContext.FileName} is damaged: {exception.Message}\nRemove it and run morgana configure."
            );
        }
    }

    /// <summary>What the folder was configured for, when that still holds.</summary>
    /// <exception cref="CommandException">It is not configured, or something has changed since.</exception>
    public SavedContext RequireCurrentContext()
    {
        SavedContext context =
            ReadContext()
            ?? throw new CommandException(
                ExitCode.NotConfigured,
                "This unikernel is not configured: run morgana configure -t spt."
            );
        string command = ConfigureCommand(context);
        if (context.Tool != GeneratedFiles.ToolVersion)
        {
            throw new CommandException(
                ExitCode.NotConfigured,
                $"It was configured by morgana {context.Tool}, and this is {GeneratedFiles.ToolVersion}: run {command}."
            );
        }

        foreach ((string file, string hash) in context.Inputs)
        {
            string path = Path.Combine(Location, file);
            if (!File.Exists(path) || SavedContext.Hash(File.ReadAllBytes(path)) != hash)
            {
                throw new CommandException(
                    ExitCode.NotConfigured,
                    $"{file} has changed since the unikernel was configured: run {command}."
                );
            }
        }

        foreach ((string file, string hash) in context.Files)
        {
            string path = Path.Combine(GeneratedPath, file);
            if (!File.Exists(path) || SavedContext.Hash(File.ReadAllBytes(path)) != hash)
            {
                throw new CommandException(
                    ExitCode.NotConfigured,
                    $"{GeneratedFiles.Folder}/{file} is not as morgana configure wrote it: run {command}."
                );
            }
        }

        return context;
    }

    /// <summary>The project file of the unikernel.</summary>
    /// <exception cref="CommandException">There is none, or more than one that it could be.</exception>
    public string RequireProject(string name)
    {
        string[] projects =
        [
            .. Directory.GetFiles(Location, "*.csproj").Order(StringComparer.Ordinal),
        ];
        string named = Path.Combine(Location, name + ".csproj");
        return projects switch
        {
            _ when projects.Contains(named) => named,
            [string only] => only,
            [] => throw new CommandException(
                ExitCode.Usage,
                $"There is no {name}.csproj in {Location}: write one, with <Project Sdk=\"Morgana.Sdk\" /> in it."
            ),
            _ => throw new CommandException(
                ExitCode.Usage,
                $"There are several project files in {Location}: call that of the unikernel {name}.csproj."
            ),
        };
    }

    /// <summary>Full path of NuGet's lock file of a project; Morgana.Sdk gives it this name.</summary>
    public static string LockFile(string project) =>
        Path.Combine(
            Path.GetDirectoryName(project)!,
            $"packages.{Path.GetFileNameWithoutExtension(project)}.lock.json"
        );

    /// <summary>Full path of the lock file of what builds a project's images.</summary>
    public static string ToolsLockFile(string project) =>
        Path.Combine(
            Path.GetDirectoryName(project)!,
            $"tools.{Path.GetFileNameWithoutExtension(project)}.lock.json"
        );

    /// <summary>The command that configures the folder as it was configured.</summary>
    public static string ConfigureCommand(SavedContext context) =>
        "morgana " + string.Join(' ', ConfigureWords(context));

    /// <summary>The words of that command, after the tool's name.</summary>
    public static IReadOnlyList<string> ConfigureWords(SavedContext context) =>
        [
            "configure",
            "-t",
            string.Join(',', context.Targets),
            .. context.Architectures is ["x64"]
                ? (string[])[]
                : ["--arch", string.Join(',', context.Architectures)],
            .. context.Given.Where(k => k.Key != "target").Select(k => $"--{k.Key}={k.Value}"),
        ];
}
