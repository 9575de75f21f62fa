using System.Text;
using Microsoft.VisualStudio.SolutionPersistence;
using Microsoft.VisualStudio.SolutionPersistence.Model;
using Microsoft.VisualStudio.SolutionPersistence.Serializer;
using Morgana.Cli.Needs.Vendoring;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Ide;

/// <summary>
/// What an editor opens: <c>morgana/NAME.slnx</c> with the unikernel, config.cs and every library whose sources are there. It lies in
/// morgana/, since beside the project file it would leave <c>dotnet build</c> in doubt which of the two is meant.
/// </summary>
internal sealed class IdeFiles(UnikernelFolder folder, string name)
{
    /// <summary>Where Visual Studio Code learns which solution to load; begun once, the user's from then on.</summary>
    public const string Settings = ".vscode/settings.json";

    private string Solution => Path.Combine(folder.GeneratedPath, name + ".slnx");

    /// <summary>What the solution was when the tool wrote it last; tells whether the user has changed it since.</summary>
    private string Note => Path.Combine(folder.CachePath, "solution.sha256");

    /// <summary>Writes what is missing or other than it should be.</summary>
    /// <returns>The paths of what was written, from the folder.</returns>
    /// <exception cref="CommandException">The solution of the user cannot be read.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(CancellationToken cancellation)
    {
        List<string> written = [];
        // Without a project there is nothing to open yet; the build says what to write.
        string project;
        try
        {
            project = folder.RequireProject(name);
        }
        catch (CommandException)
        {
            return written;
        }

        string source = await File.ReadAllTextAsync(folder.ConfigPath, cancellation)
            .ConfigureAwait(false);
        string configuration = ConfigurationProject.PathIn(folder);
        await PutAsync(configuration, ConfigurationProject.Print(folder, source))
            .ConfigureAwait(false);
        await PutAsync(
                Solution,
                await SolutionTextAsync(
                        project,
                        configuration,
                        ReferencedProjects.Find(
                            folder,
                            project,
                            ConfigurationProject.References(folder, source)
                        ),
                        cancellation
                    )
                    .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        await PlacedFile
            .WriteAsync(
                Note,
                VendorFolder.Hash(
                    await File.ReadAllBytesAsync(Solution, cancellation).ConfigureAwait(false)
                ),
                cancellation
            )
            .ConfigureAwait(false);
        string settings = Path.Combine(folder.Location, Settings);
        if (!File.Exists(settings))
        {
            await PutAsync(
                    settings,
                    $$"""
                    {
                      "dotnet.defaultSolution": "{{GeneratedFiles.Folder}}/{{name}}.slnx"
                    }

                    """
                )
                .ConfigureAwait(false);
        }

        return written;

        async Task PutAsync(string path, string text)
        {
            if (
                !File.Exists(path)
                || await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false) != text
            )
            {
                await PlacedFile.WriteAsync(path, text, cancellation).ConfigureAwait(false);
                written.Add(ConfigurationProject.Relative(folder.Location, path));
            }
        }
    }

    /// <summary>The tool's files for editors, full paths, each with whether it is as the tool wrote it.</summary>
    public static IEnumerable<(string Path, bool IsOwn)> Present(UnikernelFolder folder)
    {
        if (!Directory.Exists(folder.GeneratedPath))
        {
            yield break;
        }

        string note = Path.Combine(folder.CachePath, "solution.sha256");
        string recorded = File.Exists(note) ? File.ReadAllText(note) : "";
        foreach (string path in Directory.GetFiles(folder.GeneratedPath, "*.slnx"))
        {
            yield return (path, VendorFolder.Hash(File.ReadAllBytes(path)) == recorded);
        }

        string configuration = ConfigurationProject.PathIn(folder);
        if (File.Exists(configuration))
        {
            yield return (
                configuration,
                File.ReadAllText(configuration)
                    .Contains(GeneratedFiles.Mark, StringComparison.Ordinal)
            );
        }
    }

    /// <summary>The solution with what it should have; what else the user has put there stays, in its place.</summary>
    private async Task<string> SolutionTextAsync(
        string project,
        string configuration,
        IReadOnlyList<string> libraries,
        CancellationToken cancellation
    )
    {
        SolutionModel model = new();
        try
        {
            if (File.Exists(Solution))
            {
                model = await SolutionSerializers
                    .SlnXml.OpenAsync(Solution, cancellation)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SolutionException or System.Xml.XmlException)
        {
            throw new CommandException(
                ExitCode.Failed,
                $"{GeneratedFiles.Folder}/{name}.slnx cannot be read: {exception.Message}\nMend it, or remove it and configure again."
            );
        }

        HashSet<string> present = new(
            model.SolutionProjects.Select(p => p.FilePath.Replace('\\', '/')),
            StringComparer.Ordinal
        );
        Add(project, null);
        Add(configuration, null);
        string vendor =
            Path.Combine(folder.Location, VendorFolder.Name) + Path.DirectorySeparatorChar;
        foreach (string library in libraries)
        {
            Add(
                library,
                library.StartsWith(vendor, StringComparison.Ordinal) ? "/vendor/" : "/libraries/"
            );
        }

        // Sources that are no longer in vendor/ leave nothing to open. Other projects are none of the tool's business.
        foreach (SolutionProjectModel gone in model.SolutionProjects.ToList())
        {
            string path = Path.GetFullPath(gone.FilePath.Replace('\\', '/'), folder.GeneratedPath);
            if (path.StartsWith(vendor, StringComparison.Ordinal) && !File.Exists(path))
            {
                model.RemoveProject(gone);
            }
        }

        using MemoryStream text = new();
        await SolutionSerializers.SlnXml.SaveAsync(text, model, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(text.ToArray()).TrimStart('\ufeff').TrimEnd() + "\n";

        void Add(string path, string? where)
        {
            string relative = ConfigurationProject.Relative(folder.GeneratedPath, path);
            if (present.Add(relative))
            {
                string? free = FreeFolder(path, where);
                model.AddProject(
                    relative,
                    null,
                    free is null ? null : model.FindFolder(free) ?? model.AddFolder(free)
                );
            }
        }

        // A folder of a solution has no two projects of one name: the second stands in a folder that is called as where it lies.
        string? FreeFolder(string path, string? where)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            DirectoryInfo? above = new FileInfo(path).Directory;
            while (
                model.SolutionProjects.Any(p =>
                    p.Parent?.Path == where
                    && string.Equals(
                        Path.GetFileNameWithoutExtension(p.FilePath.Replace('\\', '/')),
                        name,
                        StringComparison.OrdinalIgnoreCase
                    )
                )
            )
            {
                above = above?.Parent;
                string step = above?.Parent is null ? "others" : above.Name;
                where = $"{where ?? "/"}{step}/";
            }

            return where;
        }
    }
}
