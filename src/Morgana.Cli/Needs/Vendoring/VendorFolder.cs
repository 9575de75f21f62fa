using System.Security.Cryptography;
using System.Text;
using Morgana.Cli.Output;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>The folder <c>vendor/</c>: sources that take the place of packages. What the user changed there is the user's.</summary>
/// <param name="location">Full path of the folder.</param>
internal sealed class VendorFolder(string location)
{
    /// <summary>Name of the folder in that of a unikernel.</summary>
    public const string Name = "vendor";

    /// <summary>File name of what the build reads.</summary>
    public const string PropertiesName = "vendor.props";

    /// <summary>Full path of the folder.</summary>
    public string Location { get; } = location;

    /// <summary>True when builds take sources from here.</summary>
    public bool IsUsed => File.Exists(Path.Combine(Location, PropertiesName));

    /// <summary>What lies here.</summary>
    /// <exception cref="CommandException">The index is damaged.</exception>
    public IReadOnlyList<VendoredPackage> Read() =>
        VendorIndex.Read(Path.Combine(Location, VendorIndex.FileName));

    /// <summary>The project file of a vendored package, relative to the folder.</summary>
    public static string Project(string id) => $"{id}/{id}.csproj";

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public static string Hash(ReadOnlySpan<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Files that are not as they were written, relative to this folder; those that the user removed as well.</summary>
    public IEnumerable<string> Edited(VendoredPackage package)
    {
        foreach ((string file, string hash) in package.Files)
        {
            string path = Path.Combine(Location, package.Id, file);
            if (!File.Exists(path) || Hash(File.ReadAllBytes(path)) != hash)
            {
                yield return $"{package.Id}/{file}";
            }
        }
    }

    /// <summary>
    /// Brings the folder to the state given. A file that the user edited stays when its source is still the same; when its
    /// source is another now, or its package is no longer there, nothing is written at all, unless forced.
    /// </summary>
    /// <param name="packages">What shall lie there, with the contents.</param>
    /// <param name="force">Writes over edits.</param>
    /// <param name="cancellation">Ends it early; what was written by then is listed in the index.</param>
    /// <returns>The edited files that stayed, relative to this folder.</returns>
    /// <exception cref="CommandException">Edits are in the way.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(
        IReadOnlyList<(VendoredPackage Package, IReadOnlyList<SourceFile> Files)> packages,
        bool force,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<VendoredPackage> earlier = Read();
        Dictionary<string, string> written = earlier
            .SelectMany(p => p.Files.Select(f => ($"{p.Id}/{f.Key}", f.Value)))
            .ToDictionary(f => f.Item1, f => f.Value, StringComparer.Ordinal);
        Dictionary<string, byte[]> wanted = packages
            .SelectMany(p => p.Files.Select(f => ($"{p.Package.Id}/{f.Path}", f.Content)))
            .ToDictionary(f => f.Item1, f => f.Content, StringComparer.Ordinal);
        HashSet<string> edited = [.. earlier.SelectMany(Edited)];
        List<string> inTheWay = [];
        List<string> kept = [];
        foreach (string file in edited)
        {
            bool same =
                wanted.TryGetValue(file, out byte[]? content) && Hash(content) == written[file];
            (same ? kept : inTheWay).Add(file);
        }

        // A file that nobody wrote down: the user made it, where ours would go.
        inTheWay.AddRange(
            wanted
                .Where(w =>
                    !written.ContainsKey(w.Key)
                    && File.Exists(Path.Combine(Location, w.Key))
                    && Hash(File.ReadAllBytes(Path.Combine(Location, w.Key))) != Hash(w.Value)
                )
                .Select(w => w.Key)
        );
        if (inTheWay.Count > 0 && !force)
        {
            throw new CommandException(
                ExitCode.Failed,
                "These files in vendor/ are yours or have been edited, and their packages are others now:\n  "
                    + string.Join(
                        "\n  ",
                        inTheWay.Order(StringComparer.Ordinal).Take(15).Select(f => $"{Name}/{f}")
                    )
                    + (inTheWay.Count > 15 ? $"\n  and {inTheWay.Count - 15} more" : "")
                    + "\nNothing was written. Keep your changes elsewhere (a commit will do), then --force replaces the files."
            );
        }

        if (force)
        {
            kept.Clear();
        }

        // The index goes first: if writing ends half-way, what is there is known as ours, and the next run goes on.
        await PlacedFile
            .WriteAsync(
                Path.Combine(Location, VendorIndex.FileName),
                VendorIndex.Print(packages.Select(p => p.Package)),
                cancellation
            )
            .ConfigureAwait(false);
        foreach ((string file, byte[] content) in wanted)
        {
            if (!kept.Contains(file))
            {
                await WriteAsync(file, content, cancellation).ConfigureAwait(false);
            }
        }

        foreach (string file in written.Keys.Where(f => !wanted.ContainsKey(f)))
        {
            File.Delete(Path.Combine(Location, file));
            RemoveEmpty(Path.GetDirectoryName(Path.Combine(Location, file))!);
        }

        foreach ((string file, string text) in SharedFiles(packages.Select(p => p.Package)))
        {
            await WriteAsync(file, Encoding.UTF8.GetBytes(text), cancellation)
                .ConfigureAwait(false);
        }

        return [.. kept.Order(StringComparer.Ordinal)];
    }

    /// <summary>Files beside the packages: what the build reads, and what keeps the folders above from reaching in.</summary>
    public static IReadOnlyDictionary<string, string> SharedFiles(
        IEnumerable<VendoredPackage> packages
    )
    {
        const string Head = "<!-- Written by morgana depends. -->\n";
        StringBuilder properties = new(Head + "<Project>\n  <ItemGroup>\n");
        foreach (
            VendoredPackage package in packages.OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase)
        )
        {
            properties.Append(
                $"    <MorganaVendoredLibrary Include=\"{package.Id}\" PackageVersion=\"{package.Version}\" Source=\"$(MSBuildThisFileDirectory){Project(package.Id)}\" />\n"
            );
        }

        return new Dictionary<string, string>
        {
            [PropertiesName] = properties.Append("  </ItemGroup>\n</Project>\n").ToString(),
            ["Directory.Build.props"] =
                Head
                + "<Project>\n  <!-- What holds above this folder does not hold here. -->\n</Project>\n",
            ["Directory.Build.targets"] = Head + "<Project />\n",
            ["Directory.Packages.props"] =
                Head
                + "<Project>\n  <PropertyGroup>\n    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>\n  </PropertyGroup>\n</Project>\n",
            [".editorconfig"] =
                "# Written by morgana depends: the sources of others have styles of their own.\nroot = true\n",
        };
    }

    private async Task WriteAsync(string file, byte[] content, CancellationToken cancellation)
    {
        string path = Path.Combine(Location, file);
        if (
            !File.Exists(path)
            || !(await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false))
                .AsSpan()
                .SequenceEqual(content)
        )
        {
            await PlacedFile.WriteAsync(path, content, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Removes a folder that nothing is left in, and those above it, up to this one.</summary>
    private void RemoveEmpty(string folder)
    {
        while (
            folder.Length > Location.Length
            && Directory.Exists(folder)
            && !Directory.EnumerateFileSystemEntries(folder).Any()
        )
        {
            Directory.Delete(folder);
            folder = Path.GetDirectoryName(folder)!;
        }
    }
}
