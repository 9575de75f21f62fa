using System.Xml;
using System.Xml.Linq;
using Morgana.Cli.Needs.Vendoring;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Ide;

/// <summary>The projects whose sources an editor should know: what the unikernel and config.cs refer to, and what those refer to.</summary>
internal static class ReferencedProjects
{
    /// <summary>Full paths, in the order of their names.</summary>
    /// <param name="folder">The unikernel, configured.</param>
    /// <param name="project">Full path of its project.</param>
    /// <param name="configuration">Full paths of the projects that config.cs refers to.</param>
    public static IReadOnlyList<string> Find(
        UnikernelFolder folder,
        string project,
        IEnumerable<string> configuration
    )
    {
        HashSet<string> found = [];
        Queue<string> open = new(configuration);
        foreach (string reference in References(project))
        {
            open.Enqueue(reference);
        }

        string properties = Path.Combine(folder.GeneratedPath, "project.props");
        foreach (string reference in References(properties))
        {
            open.Enqueue(reference);
        }

        if (Checkout(folder.Location) is string checkout)
        {
            foreach (
                string library in Items(properties, "MorganaLibrary").Append("Morgana.Runtime")
            )
            {
                open.Enqueue(Path.Combine(checkout, "src", library, library + ".csproj"));
            }
        }

        VendorFolder vendor = new(Path.Combine(folder.Location, VendorFolder.Name));
        if (vendor.IsUsed)
        {
            foreach (VendoredPackage package in vendor.Read())
            {
                open.Enqueue(Path.Combine(vendor.Location, VendorFolder.Project(package.Id)));
            }
        }

        while (open.TryDequeue(out string? path))
        {
            if (File.Exists(path) && found.Add(path))
            {
                foreach (string reference in References(path))
                {
                    open.Enqueue(reference);
                }
            }
        }

        found.Remove(project);
        return [.. found.OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)];
    }

    /// <summary>The checkout of Morgana around a folder, found as Morgana.Sdk finds it; null outside.</summary>
    private static string? Checkout(string location)
    {
        for (DirectoryInfo? above = new(location); above is not null; above = above.Parent)
        {
            if (
                File.Exists(
                    Path.Combine(above.FullName, "src", "Morgana.Sdk", "Sdk", "Morgana.props")
                )
            )
            {
                return above.FullName;
            }
        }

        return null;
    }

    private static IEnumerable<string> References(string project) =>
        Items(project, "ProjectReference")
            .Select(include =>
                include.Replace("$(MSBuildThisFileDirectory)", "./", StringComparison.Ordinal)
            )
            // What only MSBuild can tell is left to MSBuild: the editor finds it when it loads the project.
            .Where(include => !include.Contains("$(", StringComparison.Ordinal))
            .Select(include =>
                Path.GetFullPath(include.Replace('\\', '/'), Path.GetDirectoryName(project)!)
            );

    private static IEnumerable<string> Items(string project, string kind)
    {
        try
        {
            return File.Exists(project)
                ?
                [
                    .. XDocument
                        .Load(project)
                        .Descendants(kind)
                        .Select(e => (string?)e.Attribute("Include"))
                        .OfType<string>(),
                ]
                : [];
        }
        catch (XmlException)
        {
            // The build says what is wrong with it.
            return [];
        }
    }
}
