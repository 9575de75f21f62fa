using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Morgana.Workspace.Resolution;

/// <summary>Where the SDK of a unikernel is: in the checkout around it, or among NuGet's packages.</summary>
/// <param name="Folder">The folder with <c>Sdk/</c>.</param>
/// <param name="Toolchains">The SDK's own toolchains.</param>
public sealed record SdkLocation(string Folder, string Toolchains)
{
    private const string Name = "Morgana.Sdk";

    /// <summary>The version of the ahead-of-time compiler that the SDK uses; empty when its files do not say it.</summary>
    public string NativeAotVersion()
    {
        string props = Path.Combine(Folder, "Sdk", "Morgana.props");
        try
        {
            using XmlReader reader = XmlReader.Create(
                props,
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }
            );
            return XDocument
                    .Load(reader)
                    .Descendants()
                    .FirstOrDefault(e => e.Name.LocalName == "MorganaIlcVersion")
                    ?.Value.Trim()
                ?? "";
        }
        catch (Exception e) when (e is IOException or XmlException)
        {
            return "";
        }
    }

    /// <summary>Finds it.</summary>
    /// <param name="unikernel">The unikernel's folder.</param>
    /// <param name="packageFolders">NuGet's folders of packages.</param>
    /// <param name="version">The version when neither the project nor global.json says one.</param>
    /// <returns>Null when it is nowhere: nothing is restored.</returns>
    public static SdkLocation? Find(
        string unikernel,
        IReadOnlyList<string> packageFolders,
        string version
    )
    {
        ArgumentNullException.ThrowIfNull(packageFolders);
        string? given = null;
        for (
            DirectoryInfo? folder = new(Path.GetFullPath(unikernel));
            folder is not null;
            folder = folder.Parent
        )
        {
            string checkout = Path.Combine(folder.FullName, "src", Name);
            if (File.Exists(Path.Combine(checkout, "Sdk", "Morgana.props")))
            {
                return new SdkLocation(checkout, Path.Combine(folder.FullName, "toolchains"));
            }

            given ??= VersionOf(Path.Combine(folder.FullName, "global.json"));
        }

        string wanted = VersionOfProject(unikernel) ?? given ?? version;
        return packageFolders
            .Select(root => Path.Combine(root, Name.ToLowerInvariant(), wanted))
            .Where(Directory.Exists)
            .Select(package => new SdkLocation(package, Path.Combine(package, "toolchains")))
            .FirstOrDefault();
    }

    /// <summary>What global.json says under msbuild-sdks.</summary>
    private static string? VersionOf(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllText(file),
                new JsonDocumentOptions
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                }
            );
            return
                document.RootElement.TryGetProperty("msbuild-sdks", out JsonElement sdks)
                && sdks.TryGetProperty(Name, out JsonElement version)
                ? version.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // dotnet itself complains of it.
            return null;
        }
    }

    /// <summary>What a project says with Sdk="Morgana.Sdk/VERSION".</summary>
    private static string? VersionOfProject(string folder)
    {
        foreach (string project in Directory.EnumerateFiles(folder, "*.csproj"))
        {
            try
            {
                using XmlReader reader = XmlReader.Create(
                    project,
                    new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }
                );
                string[] parts = (
                    (string?)XDocument.Load(reader).Root?.Attribute("Sdk") ?? ""
                ).Split('/');
                if (parts is [Name, string version])
                {
                    return version.Trim();
                }
            }
            catch (XmlException)
            {
                // MSBuild complains of it.
            }
        }

        return null;
    }
}
