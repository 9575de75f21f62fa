using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Configure;

/// <summary>The files that a configuration is made from.</summary>
internal static partial class ConfigInputs
{
    /// <summary>The hashes of config.cs and of the files that it told about, for the saved context.</summary>
    /// <exception cref="CommandException">A file that config.cs told about is not there.</exception>
    public static SortedDictionary<string, string> Hashes(
        UnikernelFolder folder,
        IEnumerable<string> declared
    )
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string file in declared.Prepend(folder.ConfigFile))
        {
            string path = Path.Combine(folder.Location, file);
            if (!File.Exists(path))
            {
                throw new CommandException(
                    ExitCode.Failed,
                    $"{folder.ConfigFile} says with Project.Input that it reads {file}, but there is no such file."
                );
            }

            hashes[file] = SavedContext.Hash(File.ReadAllBytes(path));
        }

        return hashes;
    }

    /// <summary>
    /// One value that changes with anything that can change the graph: config.cs, the files that it told about, the
    /// sources of the projects that it refers to, the build files above it, and the tool.
    /// </summary>
    public static string Fingerprint(UnikernelFolder folder, IEnumerable<string> declared)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(hash, typeof(GeneratedFiles).Assembly.ManifestModule.ModuleVersionId.ToString());
        SortedSet<string> files = new(StringComparer.Ordinal) { folder.ConfigPath };
        files.UnionWith(declared.Select(file => Path.Combine(folder.Location, file)));
        HashSet<string> projects = [];
        foreach (Match match in ProjectDirective().Matches(File.ReadAllText(folder.ConfigPath)))
        {
            string path = Path.GetFullPath(match.Groups["path"].Value.Trim(), folder.Location);
            if (Directory.Exists(path))
            {
                path = Directory.GetFiles(path, "*.csproj").FirstOrDefault(path);
            }

            AddProject(path, files, projects);
        }

        for (DirectoryInfo? above = new(folder.Location); above is not null; above = above.Parent)
        {
            foreach (
                string name in (string[])
                    [
                        "Directory.Build.props",
                        "Directory.Build.targets",
                        "Directory.Packages.props",
                        "global.json",
                        "nuget.config",
                    ]
            )
            {
                files.Add(Path.Combine(above.FullName, name));
            }
        }

        foreach (string file in files.Where(File.Exists))
        {
            Text(hash, file);
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AddProject(
        string project,
        SortedSet<string> files,
        HashSet<string> projects
    )
    {
        if (!File.Exists(project) || !projects.Add(project))
        {
            return;
        }

        string folder = Path.GetDirectoryName(project)!;
        files.Add(project);
        foreach (string top in Directory.EnumerateDirectories(folder))
        {
            if (Path.GetFileName(top) is not ("bin" or "obj"))
            {
                files.UnionWith(Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories));
            }
        }

        files.UnionWith(Directory.EnumerateFiles(folder, "*.cs"));
        try
        {
            foreach (XElement reference in XDocument.Load(project).Descendants("ProjectReference"))
            {
                if (reference.Attribute("Include")?.Value is string include)
                {
                    AddProject(
                        Path.GetFullPath(include.Replace('\\', '/'), folder),
                        files,
                        projects
                    );
                }
            }
        }
        catch (XmlException)
        {
            // The build of config.cs will say what is wrong with it.
        }
    }

    private static void Text(IncrementalHash hash, string text) =>
        hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));

    [GeneratedRegex(
        @"^#:project\s+(?<path>.+)$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ProjectDirective();
}
