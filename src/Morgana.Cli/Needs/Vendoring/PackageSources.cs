using System.Text;
using Morgana.Cli.Needs.Packages;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>Finds the sources of one package, in the places where they may be, the surest first.</summary>
/// <param name="assets">What the restore decided.</param>
/// <param name="cache">Full path of a folder for what is fetched.</param>
/// <param name="directory">The folder of the unikernel.</param>
internal sealed class PackageSources(AssetsFile assets, string cache, string directory)
{
    /// <summary>Finds the sources of a package and what its project file must say.</summary>
    /// <param name="library">The package.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="SourcesException">They cannot be had.</exception>
    public async Task<(
        VendoredPackage Package,
        FoundSources Sources,
        AssemblyFacts Assembly,
        string Framework
    )> FindAsync(Library library, CancellationToken cancellation)
    {
        InstalledPackage package =
            InstalledPackage.Find(assets.PackageFolders, library.Id, library.Version)
            ?? throw new SourcesException("is not on this machine");
        List<string> assemblies =
        [
            .. library.RuntimeAssets.Where(a =>
                a.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ),
        ];
        if (assemblies is not [string asset])
        {
            throw new SourcesException(
                assemblies.Count == 0
                    ? library.ContentFiles.Count > 0
                        ? "consists of sources that are compiled with the unikernel itself"
                        : "has no assembly for this framework"
                    : $"has {assemblies.Count} assemblies, and vendor/ compiles packages with one"
            );
        }

        string assembly = Path.Combine(package.Folder, asset);
        AssemblyFacts facts;
        try
        {
            facts = AssemblyFacts.Read(assembly);
        }
        catch (Exception exception)
            when (exception is BadImageFormatException or InvalidOperationException)
        {
            throw new SourcesException($"has a file {asset} that is no assembly");
        }

        PackageDescription description = PackageDescription.Read(package);
        string framework = Framework(asset);
        FoundSources found = await SourcesAsync(
                library,
                package,
                asset,
                facts,
                description,
                framework,
                cancellation
            )
            .ConfigureAwait(false);
        return (
            new VendoredPackage
            {
                Id = library.Id,
                Version = library.Version,
                ContentHash = library.ContentHash,
                Source = found.Source,
                Address = found.Address,
                Commit = found.Commit,
                Licence = description.Licence,
                Files = [],
            },
            found with
            {
                Files = [.. found.Files, .. Licence(package, description)],
            },
            facts,
            framework
        );
    }

    /// <summary>The framework to compile for: what the package was made for, or this one where that is only older.</summary>
    internal static string Framework(string asset)
    {
        string[] parts = asset.Split('/');
        string framework = parts.Length > 2 ? parts[1].ToLowerInvariant() : "net10.0";
        return framework.StartsWith("netstandard", StringComparison.Ordinal)
            ? framework
            : "net10.0";
    }

    private async Task<FoundSources> SourcesAsync(
        Library library,
        InstalledPackage package,
        string asset,
        AssemblyFacts facts,
        PackageDescription description,
        string framework,
        CancellationToken cancellation
    )
    {
        string carried = Path.Combine(package.Folder, "src");
        if (Directory.Exists(carried) && FindProject(carried, library.Id) is string own)
        {
            (IReadOnlyList<SourceFile> files, var properties, IReadOnlyList<string> usings) =
                await ProjectSources
                    .ReadAsync(carried, own, framework, directory, cancellation)
                    .ConfigureAwait(false);
            return new("package", "", description.Commit, files, properties, usings, false);
        }

        SourceDocuments? documents = SourceDocuments.Find(
            Path.Combine(package.Folder, asset),
            asset,
            $"{package.Id.ToLowerInvariant()}.{package.Version.ToLowerInvariant()}.snupkg",
            SymbolFolders(package)
        );
        if (documents is not null)
        {
            return await DocumentSources
                .FindAsync(documents, description, Generators(library), cache, cancellation)
                .ConfigureAwait(false);
        }

        if (description.Repository.Length > 0 && description.Commit.Length > 0)
        {
            return await FromRepositoryAsync(library, facts, description, framework, cancellation)
                .ConfigureAwait(false);
        }

        throw new SourcesException(
            description.Repository.Length > 0
                ? $"names the repository {description.Repository} but no commit in it"
                : "carries no sources and names none"
        );
    }

    private async Task<FoundSources> FromRepositoryAsync(
        Library library,
        AssemblyFacts facts,
        PackageDescription description,
        string framework,
        CancellationToken cancellation
    )
    {
        GitRepository repository = await GitRepository
            .FetchAsync(cache, description.Repository, description.Commit, cancellation)
            .ConfigureAwait(false);
        List<string> projects =
        [
            .. await repository
                .NamedAsync(library.Id + ".csproj", cancellation)
                .ConfigureAwait(false),
            .. facts.Name == library.Id
                ? []
                : await repository
                    .NamedAsync(facts.Name + ".csproj", cancellation)
                    .ConfigureAwait(false),
        ];
        if (projects is not [string project, ..])
        {
            throw new SourcesException(
                $"names {description.Repository}, commit {GitRepository.Short(description.Commit)}, where there is no {library.Id}.csproj"
            );
        }

        string tree = Path.Combine(cache, description.Commit);
        if (!Directory.Exists(tree))
        {
            string half = $"{tree}.{Environment.ProcessId}";
            await repository.CheckOutAsync(half, cancellation).ConfigureAwait(false);
            Directory.Move(half, tree);
        }

        (IReadOnlyList<SourceFile> files, var properties, IReadOnlyList<string> usings) =
            await ProjectSources
                .ReadAsync(tree, Path.Combine(tree, project), framework, directory, cancellation)
                .ConfigureAwait(false);
        return new(
            "git",
            description.Repository,
            description.Commit,
            files,
            properties,
            usings,
            false
        );
    }

    private static string? FindProject(string folder, string id) =>
        Directory
            .EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
            .OrderBy(path => path.Length)
            .FirstOrDefault(path =>
                Path.GetFileNameWithoutExtension(path)
                    .Equals(id, StringComparison.OrdinalIgnoreCase)
            );

    /// <summary>Where a package of symbols may lie: beside the package that was unpacked.</summary>
    private static IEnumerable<string> SymbolFolders(InstalledPackage package)
    {
        yield return package.Folder;
        string source = package.NotedSource;
        if (Directory.Exists(source))
        {
            yield return source;
        }
    }

    /// <summary>Source generators in the packages that a package needs, which will run when it is compiled.</summary>
    private IEnumerable<string> Generators(Library library)
    {
        foreach (string id in library.Dependencies.Keys)
        {
            Library? needed = assets.Libraries.FirstOrDefault(l =>
                !l.IsProject && l.Id.Equals(id, StringComparison.OrdinalIgnoreCase)
            );
            if (
                needed is not null
                && InstalledPackage.Find(assets.PackageFolders, needed.Id, needed.Version)
                    is { } installed
                && Path.Combine(installed.Folder, "analyzers") is string analyzers
                && Directory.Exists(analyzers)
            )
            {
                foreach (
                    string file in Directory.EnumerateFiles(
                        analyzers,
                        "*.dll",
                        SearchOption.AllDirectories
                    )
                )
                {
                    yield return Path.GetFileNameWithoutExtension(file);
                }
            }
        }
    }

    private static IEnumerable<SourceFile> Licence(
        InstalledPackage package,
        PackageDescription description
    )
    {
        string path = Path.Combine(package.Folder, description.LicenceFile);
        if (description.LicenceFile.Length > 0 && File.Exists(path))
        {
            yield return new SourceFile(Path.GetFileName(path), File.ReadAllBytes(path));
        }
        else if (description.Licence.Length > 0)
        {
            yield return new SourceFile(
                "LICENCE.txt",
                Encoding.UTF8.GetBytes(
                    $"{package.Id} {package.Version}, by {description.Authors}. Licence: {description.Licence}\n"
                )
            );
        }
    }
}
