using System.Security;
using System.Text;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>The project file that compiles a vendored package: what the original was compiled with, and nothing of the folders above.</summary>
internal sealed record ProjectShape
{
    /// <summary>The package's name.</summary>
    public required string Id { get; init; }

    /// <summary>The package's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where the sources came from, for the head line.</summary>
    public required string Origin { get; init; }

    /// <summary>The framework to compile for.</summary>
    public required string Framework { get; init; }

    /// <summary>What the assembly says of itself.</summary>
    public required AssemblyFacts Assembly { get; init; }

    /// <summary>Properties, by name.</summary>
    public required SortedDictionary<string, string> Properties { get; init; }

    /// <summary>Namespaces that each source uses without saying so.</summary>
    public IReadOnlyList<string> Usings { get; init; } = [];

    /// <summary>True when the sources hold the assembly's attributes.</summary>
    public bool HasAssemblyInfo { get; init; }

    /// <summary>The file of a resource, by the resource's name.</summary>
    public IReadOnlyDictionary<string, string> Resources { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Packages that it needs, by name, with the versions that will do.</summary>
    public required IReadOnlyDictionary<string, string> Packages { get; init; }

    /// <summary>Vendored packages that it needs.</summary>
    public required IReadOnlyList<string> Projects { get; init; }

    /// <summary>The text of the project file.</summary>
    public string Print()
    {
        StringBuilder text = new(
            $"<!-- Written by morgana depends from {Escape(Id)} {Escape(Version)}: {Escape(Origin).Replace("--", "- -", StringComparison.Ordinal)}. Edit what you like; it is not written over without force. -->\n"
        );
        text.Append("<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n");
        SortedDictionary<string, string> properties = new(Properties, StringComparer.Ordinal)
        {
            ["TargetFramework"] = Framework,
            ["AssemblyName"] = Assembly.Name,
            ["PackageId"] = Id,
            ["Version"] = Version,
            ["AssemblyVersion"] = Assembly.Version,
            ["Deterministic"] = "true",
            ["PathMap"] = $"$(MSBuildThisFileDirectory)=/vendor/{Id}/",
            // Others have looked at their warnings; the image's author need not.
            ["WarningLevel"] = "0",
            ["RunAnalyzers"] = "false",
            ["NuGetAudit"] = "false",
            ["GenerateAssemblyInfo"] = HasAssemblyInfo ? "false" : "true",
        };
        properties.TryAdd("ImplicitUsings", "disable");
        if (Assembly.PublicKey.Length > 0)
        {
            properties["SignAssembly"] = "true";
            properties["PublicSign"] = "true";
            properties["AssemblyOriginatorKeyFile"] = "$(MSBuildThisFileDirectory)key.snk";
        }

        foreach ((string name, string value) in properties)
        {
            text.Append($"    <{name}>{Escape(value)}</{name}>\n");
        }

        text.Append("  </PropertyGroup>\n");
        List<string> items =
        [
            .. Projects.Select(p =>
                $"<ProjectReference Include=\"../{Escape(p)}/{Escape(p)}.csproj\" />"
            ),
            .. Packages.Select(p =>
                $"<PackageReference Include=\"{Escape(p.Key)}\" Version=\"{Escape(p.Value)}\" />"
            ),
            .. Usings.Select(u => $"<Using Include=\"{Escape(u)}\" />"),
            .. Resources.Select(r =>
                $"<EmbeddedResource Include=\"{Escape(r.Value)}\" LogicalName=\"{Escape(r.Key)}\" WithCulture=\"false\" />"
            ),
        ];
        if (!HasAssemblyInfo)
        {
            items.AddRange(
                Assembly.Friends.Select(f => $"<InternalsVisibleTo Include=\"{Escape(f)}\" />")
            );
            if (Assembly.IsTrimmable)
            {
                items.Add("<AssemblyMetadata Include=\"IsTrimmable\" Value=\"True\" />");
            }
        }

        if (items.Count > 0)
        {
            text.Append("  <ItemGroup>\n");
            items.ForEach(item => text.Append($"    {item}\n"));
            text.Append("  </ItemGroup>\n");
        }

        return text.Append("</Project>\n").ToString();
    }

    private static string Escape(string text) => SecurityElement.Escape(text) ?? "";
}
