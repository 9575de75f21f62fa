using System.Security;
using System.Text;

namespace Morgana.Configuration.Generation;

/// <summary>project.props: what the build must know. Morgana.Sdk imports it.</summary>
internal static class ProjectProperties
{
    public static string Print(ConfiguredGraph graph, string config)
    {
        StringBuilder text = new();
        text.Append($"<!-- {GeneratedFiles.Head(config)} -->\n<Project>\n  <PropertyGroup>\n");
        text.Append($"    <MorganaName>{graph.Graph.Name}</MorganaName>\n");
        text.Append($"    <MorganaTargets>{string.Join(';', graph.Targets)}</MorganaTargets>\n");
        if (!graph.Architectures.IsDefault)
        {
            text.Append(
                $"    <MorganaArchitectures>{string.Join(';', graph.Architectures.Names)}</MorganaArchitectures>\n"
            );
        }

        text.Append("  </PropertyGroup>\n");
        List<string> items = [];
        if (config != "config.cs")
        {
            // The configuration is a program of its own. The SDK knows the usual name.
            items.Add($"<Compile Remove=\"$(MSBuildProjectDirectory)/{config}\" />");
        }

        foreach (Need need in graph.Needs)
        {
            string name = SecurityElement.Escape(need.Name);
            switch (need.Kind)
            {
                case NeedKind.Library:
                    items.Add($"<MorganaLibrary Include=\"{name}\" />");
                    break;
                case NeedKind.Package:
                    // As .NET's own SDK does it: whatever manages versions centrally has no say in what config.cs decides.
                    items.Add($"<PackageVersion Remove=\"{name}\" />");
                    items.Add(
                        $"<PackageReference Include=\"{name}\" Version=\"[{SecurityElement.Escape(need.Version)}]\" IsImplicitlyDefined=\"true\" />"
                    );
                    break;
                case NeedKind.Project:
                    items.Add(
                        $"<ProjectReference Include=\"$(MSBuildThisFileDirectory)../{name}\" />"
                    );
                    break;
            }
        }

        foreach (Target target in graph.Targets)
        {
            foreach (ImageStep step in target.ImageSteps)
            {
                items.Add(
                    $"<MorganaImageStep Include=\"{SecurityElement.Escape(step.Name)}\" TargetName=\"{target}\" Program=\"{SecurityElement.Escape(step.Program)}\" Arguments=\"{SecurityElement.Escape(string.Join(';', step.Arguments))}\" />"
                );
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
}
