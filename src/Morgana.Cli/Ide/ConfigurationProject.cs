using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Ide;

/// <summary>
/// A project around config.cs, for editors: they open config.cs with all that it refers to, beside the unikernel and its libraries.
/// It lies in a folder of its own, <c>morgana/config</c>, and keeps its intermediate files in <c>obj/config</c>: two projects
/// in one folder would read each other's. What runs config.cs is still <c>dotnet run --file config.cs</c>.
/// </summary>
internal static partial class ConfigurationProject
{
    /// <summary>The project's folder, in that of the unikernel.</summary>
    public const string Folder = GeneratedFiles.Folder + "/config";

    /// <summary>Full path of the project file.</summary>
    public static string PathIn(UnikernelFolder folder) =>
        Path.Combine(
            folder.Location,
            Folder,
            Path.GetFileNameWithoutExtension(folder.ConfigFile) + ".csproj"
        );

    /// <summary>The property of a project that has the full path of what NuGet's restore decides for it.</summary>
    public const string AssetsProperty = "ProjectAssetsFile";

    /// <summary>Full path of what NuGet's restore has decided for it; a Directory.Build.props of the user may have a place of its own for that.</summary>
    /// <exception cref="CommandException">The project cannot be evaluated.</exception>
    public static async Task<string> AssetsAsync(
        UnikernelFolder folder,
        CancellationToken cancellation
    ) =>
        (
            await EvaluatedProperties
                .ReadAsync(
                    folder.Location,
                    PathIn(folder),
                    [AssetsProperty, "MSBuildProjectFullPath"],
                    cancellation
                )
                .ConfigureAwait(false)
        )[AssetsProperty];

    /// <summary>The projects that config.cs refers to, full paths.</summary>
    public static IEnumerable<string> References(UnikernelFolder folder, string source) =>
        Directives(source)
            .Where(d => d.Kind == "project")
            .Select(d => ProjectFile(Path.GetFullPath(d.Value, folder.Location)));

    /// <summary>The text of the project file, from the directives at the top of config.cs.</summary>
    public static string Print(UnikernelFolder folder, string source)
    {
        List<(string Kind, string Value)> directives = [.. Directives(source)];
        List<(string Name, string? Version)> sdks =
        [
            .. directives.Where(d => d.Kind == "sdk").Select(d => Split(d.Value, '@')),
        ];
        if (sdks.Count == 0)
        {
            sdks.Add(("Microsoft.NET.Sdk", null));
        }

        string Import(string file, (string Name, string? Version) sdk) =>
            $"  <Import Project=\"{file}\" Sdk=\"{Escape(sdk.Name)}\"{(sdk.Version is null ? "" : $" Version=\"{Escape(sdk.Version)}\"")} />\n";
        StringBuilder text = new($"<!-- {GeneratedFiles.Head(folder.ConfigFile)} -->\n");
        text.Append(
            "<Project>\n"
                + "  <PropertyGroup>\n"
                + "    <BaseIntermediateOutputPath>$(MSBuildThisFileDirectory)../../obj/config/</BaseIntermediateOutputPath>\n"
                + "    <BaseOutputPath>$(MSBuildThisFileDirectory)../../obj/config/bin/</BaseOutputPath>\n"
                + "  </PropertyGroup>\n"
        );
        sdks.ForEach(sdk => text.Append(Import("Sdk.props", sdk)));
        text.Append(
            "  <PropertyGroup>\n"
                + "    <OutputType>Exe</OutputType>\n"
                + "    <TargetFramework>net10.0</TargetFramework>\n"
                + "    <TargetFrameworks />\n"
                + "    <ImplicitUsings>enable</ImplicitUsings>\n"
                + "    <Nullable>enable</Nullable>\n"
                + "    <EnableDefaultItems>false</EnableDefaultItems>\n"
                + "    <!-- The directives at the top of the file are this project already; the compiler passes over them. -->\n"
                + "    <Features>$(Features);FileBasedProgram</Features>\n"
        );
        foreach (
            (string name, string? value) in directives
                .Where(d => d.Kind == "property")
                .Select(d => Split(d.Value, '='))
        )
        {
            text.Append($"    <{name}>{Escape(value ?? "")}</{name}>\n");
        }

        text.Append(
            $"  </PropertyGroup>\n  <ItemGroup>\n    <Compile Include=\"../../{Escape(folder.ConfigFile)}\" Link=\"{Escape(folder.ConfigFile)}\" />\n"
        );
        foreach ((string kind, string value) in directives)
        {
            switch (kind)
            {
                case "include":
                    text.Append($"    <Compile Include=\"../../{Escape(value)}\" />\n");
                    break;
                case "project":
                    string path = ProjectFile(Path.GetFullPath(value, folder.Location));
                    text.Append(
                        $"    <ProjectReference Include=\"{Escape(Relative(Path.Combine(folder.Location, Folder), path))}\" />\n"
                    );
                    break;
                case "package":
                    (string name, string? version) = Split(value, '@');
                    text.Append(
                        version is null
                            ? $"    <PackageReference Include=\"{Escape(name)}\" />\n"
                            // What says its version needs none from central package management, and must not have one there.
                            : $"    <PackageVersion Remove=\"{Escape(name)}\" />\n    <PackageReference Include=\"{Escape(name)}\" Version=\"{Escape(version)}\" IsImplicitlyDefined=\"true\" />\n"
                    );
                    break;
            }
        }

        text.Append("  </ItemGroup>\n");
        sdks.ForEach(sdk => text.Append(Import("Sdk.targets", sdk)));
        return text.Append("</Project>\n").ToString();
    }

    /// <summary>A path as project and solution files write it.</summary>
    public static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static IEnumerable<(string Kind, string Value)> Directives(string source) =>
        Directive()
            .Matches(source)
            .Select(m => (m.Groups["kind"].Value, m.Groups["value"].Value.Trim()));

    /// <summary>A directive may name a project's folder.</summary>
    private static string ProjectFile(string path) =>
        Directory.Exists(path) && Directory.GetFiles(path, "*.csproj") is [string only]
            ? only
            : path;

    private static (string Name, string? Value) Split(string text, char separator)
    {
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text.Trim(), null) : (text[..at].Trim(), text[(at + 1)..].Trim());
    }

    private static string Escape(string text) => SecurityElement.Escape(text) ?? "";

    [GeneratedRegex(
        @"^#:(?<kind>sdk|property|package|project|include)[ \t]+(?<value>[^\r\n]+)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Directive();
}
