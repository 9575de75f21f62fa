using System.Security;
using System.Text;

namespace Morgana.Configuration.Generation;

/// <summary>contexts.props: a build context for each target and architecture. The user's own changes are in workspace.props.</summary>
internal static class ContextsProperties
{
    /// <summary>The file name.</summary>
    public const string FileName = "contexts.props";

    public static string Print(ConfiguredGraph graph, string config)
    {
        StringBuilder text = new();
        text.Append($"<!-- {GeneratedFiles.Head(config)} -->\n<Project>\n  <ItemGroup>\n");
        foreach ((Target target, string architecture, string image) in graph.Images())
        {
            text.Append(
                $"    <BuildContext Include=\"{target}-{architecture}\" Host=\"default\" TargetName=\"{target}\" Architecture=\"{architecture}\" Toolchain=\"morgana\" Profile=\"release\" Image=\"{image}\""
            );
            if (target.Bindings is { } bindings)
            {
                text.Append($" Bindings=\"{SecurityElement.Escape(bindings)}\"");
            }

            text.Append(" />\n");
        }

        return text.Append("  </ItemGroup>\n</Project>\n").ToString();
    }
}
