using System.Text.Json;

namespace Morgana.Workspace.Toolchains;

/// <summary>The NuGet packages of a project that carry toolchains, found in the file that a restore writes, obj/project.assets.json.</summary>
public static class ToolchainPackages
{
    /// <summary>A place for each package with a <c>toolchains/**/toolchain.json</c>; none when nothing is restored.</summary>
    /// <exception cref="WorkspaceException">The file is damaged.</exception>
    public static IReadOnlyList<ToolchainOrigin> Read(string assetsFile)
    {
        if (!File.Exists(assetsFile))
        {
            return [];
        }

        try
        {
            using FileStream stream = File.OpenRead(assetsFile);
            using JsonDocument document = JsonDocument.Parse(stream);
            string[] roots = Roots(document.RootElement);
            List<ToolchainOrigin> places = [];
            foreach (
                JsonProperty library in document
                    .RootElement.GetProperty("libraries")
                    .EnumerateObject()
                    .OrderBy(library => library.Name, StringComparer.OrdinalIgnoreCase)
            )
            {
                if (
                    library.Value.TryGetProperty("files", out JsonElement files)
                    && library.Value.TryGetProperty("path", out JsonElement path)
                    && files.EnumerateArray().Any(IsToolchain)
                    && roots
                        .Select(root => Path.Combine(root, path.GetString()!, "toolchains"))
                        .FirstOrDefault(Directory.Exists)
                        is string folder
                )
                {
                    places.Add(
                        new ToolchainOrigin(
                            ToolchainOriginKind.Package,
                            folder,
                            library.Name.Replace('/', ' ')
                        )
                    );
                }
            }

            return places;
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkspaceException(
                "MORGANA015",
                assetsFile,
                0,
                $"What the restore of packages wrote is damaged ({e.Message}): remove it and run morgana depends (or dotnet restore)."
            );
        }
    }

    /// <summary>The folders in which a restore put the packages.</summary>
    public static IReadOnlyList<string> PackageFolders(string assetsFile)
    {
        try
        {
            using FileStream stream = File.OpenRead(assetsFile);
            using JsonDocument document = JsonDocument.Parse(stream);
            return Roots(document.RootElement);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
            )
        {
            return [];
        }
    }

    private static string[] Roots(JsonElement root) =>
        [.. root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];

    private static bool IsToolchain(JsonElement file) =>
        file.GetString() is string name
        && name.StartsWith("toolchains/", StringComparison.OrdinalIgnoreCase)
        && name.EndsWith("/" + Toolchain.FileName, StringComparison.OrdinalIgnoreCase);
}
