using Morgana.Build.Plans;
using Morgana.Workspace.Conditions;

namespace Morgana.Cli.Build;

/// <summary>The contexts that <c>--context</c> names, with wildcards.</summary>
internal static class ContextChoice
{
    /// <summary>The contexts of the plan; null for all.</summary>
    /// <exception cref="CommandException">A pattern is the name of none.</exception>
    public static IReadOnlySet<string>? Of(BuildPlan plan, IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0)
        {
            return null;
        }

        string[] names = [.. plan.Images.Select(image => image.Context)];
        HashSet<string> chosen = new(StringComparer.Ordinal);
        foreach (
            string pattern in patterns.SelectMany(list =>
                list.Split(
                    ',',
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
            )
        )
        {
            string[] found = [.. names.Where(name => WordPattern.Matches(pattern, name))];
            if (found.Length == 0)
            {
                throw new CommandException(
                    ExitCode.Usage,
                    $"--context {pattern}: there is no such build context. There are: {string.Join(", ", names)}. (morgana contexts tells more; morgana configure makes them.)"
                );
            }

            chosen.UnionWith(found);
        }

        return chosen;
    }
}
