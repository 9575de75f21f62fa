using Morgana.Build.Execution;
using Morgana.Build.Observation;

namespace Morgana.Build.Plans;

/// <summary>
/// The white list: the changes about which MSBuild need not be asked. An edit of a file that only actions read that say so (<see cref="BuildAction.Direct"/>), and whatever happened to what actions
/// made. Anything else, known or unknown, is MSBuild's business.
/// </summary>
public sealed class DirectInputs
{
    private readonly HashSet<string> direct = new(StringComparer.Ordinal);
    private readonly HashSet<string> made = new(StringComparer.Ordinal);

    /// <summary>Those of a plan.</summary>
    public DirectInputs(BuildPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        BuildRecords records = new(plan.StateFolder);
        HashSet<string> refused = new(plan.Files, StringComparer.Ordinal);
        foreach (BuildAction action in plan.Actions)
        {
            made.UnionWith(action.Outputs);
            direct.UnionWith(action.Direct);
            refused.UnionWith(action.Inputs.Except(action.Direct, StringComparer.Ordinal));

            // Headers, which only C compilers read, are known once they have been read.
            if (action.Kind == ActionKind.Native && plan.Opaque.Length == 0)
            {
                direct.UnionWith(records.Find(action.Id)?.Discovered ?? []);
            }
        }

        direct.ExceptWith(refused);

        // What MSBuild wrote for the compilers is no source: only MSBuild makes it again.
        _ = direct.RemoveWhere(path => Repository.IsIn(path, plan.StateFolder));
    }

    /// <summary>Whether a change is the business of actions alone.</summary>
    public bool Cover(PathChange change) =>
        made.Contains(change.Path)
        || (change.Change == ChangeOfPath.Changed && direct.Contains(change.Path));
}
