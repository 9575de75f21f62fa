using Morgana.Build.Execution;
using Morgana.Build.Hashing;

namespace Morgana.Build.Plans;

/// <summary>
/// Puts the C# compiler's calls of an evaluation before a plan's own actions, with the copies that lead from what they made to what reads it. MSBuild's copies are not told; they are
/// found by name and content, and only where there is no doubt: what stays unexplained is an input that MSBuild has to be asked about.
/// </summary>
public static class PlanCompletion
{
    /// <summary>The whole plan.</summary>
    /// <param name="plan">As the SDK made it.</param>
    /// <param name="compilers">The compiler's calls of the same evaluation.</param>
    /// <param name="outputs">The folder with everything that MSBuild made: only there are copies.</param>
    /// <param name="opaque">Whether tasks ran that may have read any source: then no edit is known to be one action's business.</param>
    /// <param name="hashes">Hashes of files.</param>
    public static BuildPlan Complete(
        BuildPlan plan,
        IReadOnlyList<BuildAction> compilers,
        string outputs,
        bool opaque,
        FileHashes hashes
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(compilers);
        ArgumentNullException.ThrowIfNull(hashes);
        BuildRecords records = new(plan.StateFolder);
        Dictionary<string, BuildAction> producers = new(StringComparer.Ordinal);
        foreach (BuildAction action in plan.Actions)
        {
            foreach (string output in action.Outputs)
            {
                producers[output] = action;
            }
        }

        Dictionary<string, List<string>> made = new(StringComparer.Ordinal);
        foreach (
            BuildAction compiler in compilers.Where(compiler =>
                IsAsMade(compiler, records.Find(compiler.Id), hashes)
            )
        )
        {
            foreach (string output in compiler.Outputs)
            {
                producers[output] = compiler;
                string key = KeyOf(output, hashes);
                if (!made.TryGetValue(key, out List<string>? same))
                {
                    made[key] = same = [];
                }

                same.Add(output);
            }
        }

        string[] contexts = [.. plan.Images.Select(image => image.Context)];
        List<BuildAction> ordered = [];
        HashSet<string> placed = new(StringComparer.Ordinal);
        foreach (BuildAction action in plan.Actions)
        {
            Place(action);
        }

        return plan with
        {
            Actions = ordered,
        };

        void Place(BuildAction action)
        {
            if (!placed.Add(action.Id))
            {
                return;
            }

            foreach (string input in action.Inputs)
            {
                if (producers.TryGetValue(input, out BuildAction? producer))
                {
                    Place(producer);
                }
                else if (Origin(input) is { } origin)
                {
                    BuildAction copy = new()
                    {
                        Id = "copy:" + Path.GetRelativePath(outputs, input),
                        Kind = ActionKind.Copy,
                        Contexts = contexts,
                        Inputs = [origin],
                        Outputs = [input],
                    };
                    producers[input] = copy;
                    Place(copy);
                }
            }

            ordered.Add(
                action with
                {
                    Direct = opaque ? [] : action.Direct,
                    Contexts = action.Contexts.Count == 0 ? contexts : action.Contexts,
                }
            );
        }

        string? Origin(string input) =>
            input.StartsWith(outputs + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && made.TryGetValue(KeyOf(input, hashes), out List<string>? same)
            && same.Count == 1
                ? same[0]
                : null;
    }

    // Something may have worked on an assembly after the compiler: then the compiler alone does not make it again.
    private static bool IsAsMade(BuildAction action, ActionRecord? record, FileHashes hashes) =>
        record is not null
        && action.Outputs.All(output =>
            record.Outputs.TryGetValue(output, out string? hash) && hashes.Of(output) == hash
        );

    private static string KeyOf(string path, FileHashes hashes) =>
        $"{hashes.Of(path)} {Path.GetFileName(path)}";
}
