using System.Text;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Needs.Packages;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary><c>morgana depends --vendor</c>: the sources of what goes into the image, in place of its packages.</summary>
/// <param name="folder">The unikernel.</param>
/// <param name="assets">What a restore of packages alone decided.</param>
/// <param name="terminal">Where it speaks.</param>
internal sealed class Vendoring(UnikernelFolder folder, AssetsFile assets, Terminal terminal)
{
    private sealed record Candidate(
        Library Library,
        VendoredPackage Package,
        FoundSources Sources,
        AssemblyFacts Assembly,
        string Framework
    );

    private string Cache => Path.Combine(folder.CachePath, "vendor");

    /// <summary>Brings the sources.</summary>
    /// <param name="names">Packages to take, by name or with stars; all when there are none.</param>
    /// <param name="force">Writes over edits.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">Edits are in the way.</exception>
    public async Task<VendoringResult> RunAsync(
        IReadOnlyList<string> names,
        bool force,
        CancellationToken cancellation
    )
    {
        PackageSources finder = new(assets, Path.Combine(Cache, "git"), folder.Location);
        List<Candidate> candidates = [];
        SortedDictionary<string, string> left = new(StringComparer.OrdinalIgnoreCase);
        foreach (
            Library library in assets.Libraries.Where(l => !l.IsProject && Wanted(l.Id, names))
        )
        {
            try
            {
                (
                    VendoredPackage package,
                    FoundSources sources,
                    AssemblyFacts facts,
                    string framework
                ) = await terminal
                    .Working(
                        $"looking for the sources of {library.Id}",
                        () => finder.FindAsync(library, cancellation)
                    )
                    .ConfigureAwait(false);
                candidates.Add(new(library, package, sources, facts, framework));
            }
            catch (SourcesException exception)
            {
                left[library.Id] = exception.Message;
            }
        }

        // Sources that do not compile by themselves would break the image: their packages stay.
        List<(VendoredPackage Package, IReadOnlyList<SourceFile> Files)> laid = Lay(candidates);
        while (candidates.Count > 0)
        {
            IReadOnlyDictionary<string, string> broken = await terminal
                .Working("compiling the sources", () => CompileAsync(laid, cancellation))
                .ConfigureAwait(false);
            if (broken.Count == 0)
            {
                break;
            }

            foreach ((string id, string error) in broken)
            {
                left[id] = $"has sources that do not compile here: {error}";
            }

            candidates.RemoveAll(c => broken.ContainsKey(c.Package.Id));
            laid = Lay(candidates);
        }

        VendorFolder vendor = new(Path.Combine(folder.Location, VendorFolder.Name));
        IReadOnlyList<string> kept =
            laid.Count > 0 || vendor.IsUsed
                ? await vendor.ApplyAsync(laid, force, cancellation).ConfigureAwait(false)
                : [];
        return new VendoringResult([.. laid.Select(l => l.Package)], left, kept);
    }

    private static bool Wanted(string id, IReadOnlyList<string> names) =>
        names.Count == 0
        || names.Any(name =>
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, id, ignoreCase: true)
        );

    /// <summary>The files of all packages, with a project file for each.</summary>
    private static List<(VendoredPackage, IReadOnlyList<SourceFile>)> Lay(
        List<Candidate> candidates
    )
    {
        HashSet<string> vendored = new(
            candidates.Select(c => c.Package.Id),
            StringComparer.OrdinalIgnoreCase
        );
        List<(VendoredPackage, IReadOnlyList<SourceFile>)> laid = [];
        foreach (Candidate candidate in candidates)
        {
            List<SourceFile> files = [.. candidate.Sources.Files];
            Dictionary<string, string> resources = new(StringComparer.Ordinal);
            foreach (SourceFile resource in candidate.Assembly.Resources)
            {
                string path =
                    "resources/"
                    + string.Concat(
                        resource.Path.Select(c =>
                            char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'
                        )
                    );
                resources[resource.Path] = path;
                files.Add(new SourceFile(path, resource.Content));
            }

            if (candidate.Assembly.PublicKey.Length > 0)
            {
                files.Add(new SourceFile("key.snk", candidate.Assembly.PublicKey));
            }

            SortedDictionary<string, string> needed = candidate.Library.Dependencies;
            ProjectShape shape = new()
            {
                Id = candidate.Package.Id,
                Version = candidate.Package.Version,
                Origin = candidate.Package.Source switch
                {
                    "embedded" => "the sources embedded in its PDB",
                    "package" => "the sources in its folder src",
                    _ => $"{candidate.Package.Address} {candidate.Package.Commit}",
                },
                Framework = candidate.Framework,
                Assembly = candidate.Assembly,
                Properties = candidate.Sources.Properties,
                Usings = candidate.Sources.Usings,
                HasAssemblyInfo = candidate.Sources.HasAssemblyInfo,
                Resources = resources,
                Packages = needed.Where(d => !vendored.Contains(d.Key)).ToDictionary(),
                Projects = [.. candidates.Select(c => c.Package.Id).Where(needed.ContainsKey)],
            };
            files.Add(
                new SourceFile(
                    candidate.Package.Id + ".csproj",
                    Encoding.UTF8.GetBytes(shape.Print())
                )
            );
            laid.Add(
                (
                    candidate.Package with
                    {
                        Files = new(
                            files.ToDictionary(f => f.Path, f => VendorFolder.Hash(f.Content)),
                            StringComparer.Ordinal
                        ),
                    },
                    files
                )
            );
        }

        return laid;
    }

    /// <summary>Compiles the sources as they came, apart from vendor/ and the user's edits there.</summary>
    /// <returns>The packages that do not compile, with the first error of each.</returns>
    private async Task<IReadOnlyDictionary<string, string>> CompileAsync(
        List<(VendoredPackage Package, IReadOnlyList<SourceFile> Files)> laid,
        CancellationToken cancellation
    )
    {
        string trial = Path.Combine(Cache, "trial");
        if (Directory.Exists(trial))
        {
            Directory.Delete(trial, recursive: true);
        }

        VendorFolder vendor = new(trial);
        await vendor.ApplyAsync(laid, force: false, cancellation).ConfigureAwait(false);
        StringBuilder all = new("<Project>\n  <ItemGroup>\n");
        foreach ((VendoredPackage package, _) in laid)
        {
            all.Append($"    <Part Include=\"{VendorFolder.Project(package.Id)}\" />\n");
        }

        all.Append(
            "  </ItemGroup>\n"
                + "  <Target Name=\"Restore\"><MSBuild Projects=\"@(Part)\" Targets=\"Restore\" Properties=\"Trial=restore\" /></Target>\n"
                + "  <Target Name=\"Build\"><MSBuild Projects=\"@(Part)\" BuildInParallel=\"true\" ContinueOnError=\"ErrorAndContinue\" Properties=\"Configuration=Release\" /></Target>\n"
                + "</Project>\n"
        );
        string project = Path.Combine(trial, "trial.proj");
        await File.WriteAllTextAsync(project, all.ToString(), cancellation).ConfigureAwait(false);
        // NuGet's settings are the unikernel's: the folder is below it.
        DotnetResult result = await DotnetProcess
            .RunAsync(
                folder.Location,
                ["build", project, "-nologo", "-v:minimal", "-tl:off", "-clp:NoSummary"],
                null,
                cancellation
            )
            .ConfigureAwait(false);
        Dictionary<string, string> broken = new(StringComparer.OrdinalIgnoreCase);
        if (result.Succeeded)
        {
            return broken;
        }

        List<string> lines = [.. result.Output, .. result.Error];
        foreach ((VendoredPackage package, _) in laid)
        {
            string own = Path.Combine(trial, package.Id) + Path.DirectorySeparatorChar;
            if (
                BuildMessages.Errors(
                    lines.Where(l => l.Contains(own, StringComparison.Ordinal)),
                    Path.TrimEndingDirectorySeparator(own)
                )
                is [string error, ..]
            )
            {
                broken[package.Id] = error;
            }
        }

        return broken.Count > 0
            ? broken
            : throw new CommandException(
                ExitCode.Failed,
                $"The sources in {trial} cannot be compiled:\n{string.Join('\n', BuildMessages.Errors(lines, trial).DefaultIfEmpty(string.Join('\n', lines.TakeLast(10))))}"
            );
    }
}
