namespace Morgana.Cli.Needs.Vendoring;

/// <summary>
/// The sources that a PDB names: embedded in it, or fetched from where it or the package says, and then compared with the hash
/// that the compiler wrote down. Nothing is taken that the assembly was not compiled from.
/// </summary>
internal static class DocumentSources
{
    /// <summary>Source generators that come with .NET itself run again when the project is compiled.</summary>
    private static readonly string[] GeneratorsOfDotnet =
    [
        "Microsoft.Interop.ComInterfaceGenerator",
        "Microsoft.Interop.LibraryImportGenerator",
        "System.Text.Json.SourceGeneration",
        "System.Text.RegularExpressions.Generator",
    ];

    /// <summary>Finds all sources.</summary>
    /// <param name="documents">What the PDB names.</param>
    /// <param name="description">What the package says of itself.</param>
    /// <param name="generators">Names of source generators in packages that this one needs.</param>
    /// <param name="cache">Full path of a folder for what is fetched.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="SourcesException">Some cannot be had.</exception>
    public static async Task<FoundSources> FindAsync(
        SourceDocuments documents,
        PackageDescription description,
        IEnumerable<string> generators,
        string cache,
        CancellationToken cancellation
    )
    {
        if (documents.Options.TryGetValue("language", out string? language) && language != "C#")
        {
            throw new SourcesException($"is written in {language}, and vendor/ compiles C# only");
        }

        HashSet<string> again = [.. GeneratorsOfDotnet, .. generators];
        List<SourceDocument> wanted =
        [
            .. documents.Documents.Where(d =>
                !d.Name.EndsWith(".AssemblyAttributes.cs", StringComparison.Ordinal)
                && !again.Contains(GeneratorOf(d) ?? "")
            ),
        ];
        if (wanted.Count == 0)
        {
            throw new SourcesException("has a PDB that names no sources");
        }

        (string source, string address, Dictionary<SourceDocument, byte[]> contents) =
            await ContentsAsync(documents, wanted, description, cache, cancellation)
                .ConfigureAwait(false);
        string root = CommonFolder(wanted.Where(d => !IsGenerated(d)).Select(d => d.Path));
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        List<SourceFile> files = [];
        foreach (SourceDocument document in wanted)
        {
            string path = IsGenerated(document)
                ? "generated/" + document.Name
                : document.Path[root.Length..];
            // Two generated files of one name, and what a path must never be.
            while (!taken.Add(path))
            {
                path = path.Insert(path.LastIndexOf('/') + 1, "_");
            }

            if (
                path.Split('/')
                    .Any(part =>
                        part is "" or "." or ".." || part.Contains(':', StringComparison.Ordinal)
                    )
            )
            {
                throw new SourcesException(
                    $"has a PDB with a path that leads elsewhere ({document.Path})"
                );
            }

            files.Add(new SourceFile(path, contents[document]));
        }

        return new FoundSources(
            source,
            address,
            description.Commit,
            files,
            Properties(documents.Options),
            [],
            wanted.Any(d => d.Name.EndsWith(".AssemblyInfo.cs", StringComparison.Ordinal))
        );
    }

    /// <summary>The properties that the compiler's options come from.</summary>
    internal static SortedDictionary<string, string> Properties(
        IReadOnlyDictionary<string, string> options
    )
    {
        SortedDictionary<string, string> properties = new(StringComparer.Ordinal)
        {
            // A later compiler may have seen a version that this one calls its preview.
            ["LangVersion"] =
                options.TryGetValue("language-version", out string? version)
                && System.Version.TryParse(version, out Version? number)
                && number.Major <= 14
                    ? version
                    : "preview",
            ["AllowUnsafeBlocks"] = "true",
            ["Nullable"] = options.TryGetValue("nullable", out string? nullable)
                ? nullable.ToLowerInvariant()
                : "disable",
        };
        if (options.TryGetValue("define", out string? defines))
        {
            properties["DefineConstants"] = defines.Replace(',', ';');
            properties["DisableImplicitFrameworkDefines"] = "true";
            properties["DisableImplicitConfigurationDefines"] = "true";
        }

        if (options.GetValueOrDefault("checked") == "True")
        {
            properties["CheckForOverflowUnderflow"] = "true";
        }

        return properties;
    }

    /// <summary>The assembly of the source generator that wrote a document; null for any other.</summary>
    internal static string? GeneratorOf(SourceDocument document)
    {
        string[] parts = document.Path.Split('/');
        // Generators' files lie in a folder named for the type, in a folder named for its assembly.
        return
            parts.Length > 2
            && parts[^2].Contains('.', StringComparison.Ordinal)
            && (
                parts[^2].StartsWith(parts[^3] + ".", StringComparison.Ordinal)
                || parts[^2].EndsWith("Generator", StringComparison.Ordinal)
            )
            ? parts[^3]
            : null;
    }

    /// <summary>True for what a build had made.</summary>
    private static bool IsGenerated(SourceDocument document) =>
        document.Path.Contains("/obj/", StringComparison.Ordinal)
        || GeneratorOf(document) is not null;

    /// <summary>The longest folder that all paths lie in, with a slash at its end.</summary>
    internal static string CommonFolder(IEnumerable<string> paths)
    {
        string? common = null;
        foreach (string path in paths)
        {
            string folder = path[..(path.LastIndexOf('/') + 1)];
            common ??= folder;
            while (!folder.StartsWith(common, StringComparison.Ordinal))
            {
                common = common[..(common.TrimEnd('/').LastIndexOf('/') + 1)];
            }
        }

        return common ?? "";
    }

    private static async Task<(
        string Source,
        string Address,
        Dictionary<SourceDocument, byte[]> Contents
    )> ContentsAsync(
        SourceDocuments documents,
        List<SourceDocument> wanted,
        PackageDescription description,
        string cache,
        CancellationToken cancellation
    )
    {
        Dictionary<SourceDocument, byte[]> contents = [];
        foreach (SourceDocument document in wanted.Where(d => d.Embedded is not null))
        {
            byte[] content = document.Embedded!;
            if (!document.Matches(ref content))
            {
                throw new SourcesException(
                    $"carries sources that it was not compiled from ({document.Path} has another hash)"
                );
            }

            contents[document] = content;
        }

        List<SourceDocument> open = [.. wanted.Where(d => d.Embedded is null)];
        if (open.Count == 0)
        {
            return ("embedded", "", contents);
        }

        string? linked = documents.AddressOf(open[0]);
        string why = "";
        if (linked is not null)
        {
            try
            {
                await LinkedSources
                    .FetchAsync(documents, open, contents, cancellation)
                    .ConfigureAwait(false);
                return ("link", linked[..(linked.LastIndexOf('/') + 1)], contents);
            }
            catch (SourcesException exception)
            {
                why = exception.Message;
            }
        }

        if (description.Repository.Length > 0 && description.Commit.Length > 0)
        {
            GitRepository repository;
            try
            {
                repository = await GitRepository
                    .FetchAsync(cache, description.Repository, description.Commit, cancellation)
                    .ConfigureAwait(false);
            }
            catch (SourcesException exception) when (why.Length > 0)
            {
                throw new SourcesException($"{why}; and it {exception.Message}");
            }

            foreach (SourceDocument document in open)
            {
                contents[document] = await FromGitAsync(repository, document, cancellation)
                    .ConfigureAwait(false);
            }

            return ("git", description.Repository, contents);
        }

        throw new SourcesException(
            why.Length > 0 ? why
            : description.Repository.Length > 0
                ? $"names the repository {description.Repository} but no commit in it"
            : "carries no sources and names none"
        );
    }

    private static async Task<byte[]> FromGitAsync(
        GitRepository repository,
        SourceDocument document,
        CancellationToken cancellation
    )
    {
        // The nearest path first; its hash decides.
        foreach (
            string path in (
                await repository.NamedAsync(document.Name, cancellation).ConfigureAwait(false)
            ).OrderByDescending(p => CommonEnd(p, document.Path))
        )
        {
            byte[] content = await repository.ReadAsync(path, cancellation).ConfigureAwait(false);
            if (document.Matches(ref content))
            {
                return content;
            }
        }

        throw new SourcesException(
            $"names a commit that has no {document.Path} with the hash that it was compiled from"
        );
    }

    private static int CommonEnd(string left, string right)
    {
        int length = 0;
        while (
            length < left.Length
            && length < right.Length
            && left[^(length + 1)] == right[^(length + 1)]
        )
        {
            length++;
        }

        return length;
    }
}
