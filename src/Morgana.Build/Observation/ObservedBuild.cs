using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Observation;

/// <summary>
/// A build that belongs to one state of the tree. Whoever makes plans is asked unless all that changed since the last good build is the business of single actions; a build during which
/// something changed is done again.
/// </summary>
/// <param name="place">What is built.</param>
/// <param name="evaluate">Makes the plan anew, and writes it. It is told which files in the tree its targets have written before.</param>
/// <param name="execute">Carries a plan out; throws when that fails.</param>
/// <param name="all">Whether all contexts are built: only then the next build may know that there is nothing to do.</param>
public sealed class ObservedBuild(
    BuildPlace place,
    Func<IReadOnlyList<string>, Task<BuildPlan>> evaluate,
    Func<BuildPlan, FileHashes, Task<BuildResult>> execute,
    bool all
)
{
    /// <summary>How often a build is done while the tree does not keep still.</summary>
    public const int MostRounds = 6;

    /// <summary>Is told in words why an evaluation or another round is needed.</summary>
    public Action<string> Explain { get; init; } = _ => { };

    /// <summary>Why the plan was made anew; null when it was not.</summary>
    public string? Evaluated { get; private set; }

    /// <summary>Builds.</summary>
    /// <exception cref="BuildException">The tree does not keep still.</exception>
    public async Task<(BuildPlan Plan, BuildResult Result)> RunAsync()
    {
        FileHashes hashes = new(place.StateFolder);
        BuildPlan? plan = BuildPlan.TryRead(place.StateFolder);
        BuildNote? note = BuildNote.Find(place.StateFolder, place.Folder, place.Owner);
        Snapshot? before = note?.Snapshot;
        string[] written = [.. note?.Written ?? []];
        IReadOnlyList<PathChange> changed = [];
        for (int round = 1; ; round++)
        {
            // First it is looked at, then compared with what was: what changes in between is seen now, what changes later is seen at the end.
            BuildObservation observation = new(
                place,
                plan,
                changed.Select(change => change.Path),
                hashes
            );
            string? reason = round == 1 ? WhyNotThePlan(plan, note) : null;
            reason ??= plan is null
                ? "there is no plan yet"
                : WhyEvaluate(plan, [.. changed, .. before!.Changes()]);
            BuildResult? built = null;
            try
            {
                if (reason is not null)
                {
                    IReadOnlyList<PlannedImage> images = plan?.Images ?? [];
                    // Until there is another one, no note holds. While there is this one, the note of the last good build does, whatever a build that failed or was killed left behind.
                    File.Delete(Path.Combine(place.StateFolder, BuildPlan.FileName));
                    plan = null;
                    Explain($"evaluation: MSBuild makes the plan: {reason}");
                    Evaluated ??= reason;
                    plan = await evaluate(written).ConfigureAwait(false);
                    plan.ForgetImages(images);
                    hashes = new FileHashes(place.StateFolder);
                    if (plan.Opaque.Length > 0)
                    {
                        Explain($"evaluation: {plan.Opaque}");
                    }
                }

                built = await execute(plan!, hashes).ConfigureAwait(false);
                changed = observation.ChangesDuring(plan!, hashes);
            }
            catch (Exception e)
                when (e is not OperationCanceledException
                    && round < MostRounds
                    && observation.Snapshot.Changes() is { Count: > 0 } meanwhile
                )
            {
                // What failed had read half of an edit.
                changed = meanwhile;
            }

            if (built is not null && changed.Count == 0)
            {
                if (built.Succeeded)
                {
                    observation.Note(plan!, all, written, hashes);
                }

                return (plan!, built);
            }

            if (round == MostRounds)
            {
                throw new BuildException(
                    "MORGANA006",
                    $"{Path.GetRelativePath(place.Folder, changed[0].Path)} changed during the build{(changed.Count > 1 ? $", and {changed.Count - 1} more" : "")}, {MostRounds} times: what was built belongs to no state of the sources. Build again when they keep still; a target that writes into the source tree must write the same each time."
                );
            }

            if (reason is not null)
            {
                // What is new after an evaluation was written by its targets, as a rule.
                written =
                [
                    .. written.Union(
                        changed
                            .Where(change =>
                                change.Change == ChangeOfPath.New && File.Exists(change.Path)
                            )
                            .Select(change => change.Path),
                        StringComparer.Ordinal
                    ),
                ];
            }

            Explain($"again: {changed[0]} during the build");
            before = observation.Snapshot;
        }
    }

    /// <summary>Why the plan says nothing about this build, whatever changed; null when it does.</summary>
    private static string? WhyNotThePlan(BuildPlan? plan, BuildNote? note) =>
        plan is null ? "there is no plan yet"
        : plan.Unknown.Length > 0
            ? $"{plan.Unknown}, and only MSBuild knows where that is (in a git repository it would be looked for)"
        : note is null ? "no build in this place has ended well since the plan was made"
        : note.Plan != BuildObservation.HashOf(plan) ? "the plan is another one"
        : ProgramEnvironment.Differences(note.Variables) is [string variable, ..]
            ? $"the environment variable {variable} changed"
        : null;

    /// <summary>The first change that is not the business of single actions; null when there is none.</summary>
    private static string? WhyEvaluate(BuildPlan plan, IReadOnlyList<PathChange> changes)
    {
        if (changes.Count == 0)
        {
            return null;
        }

        DirectInputs direct = new(plan);
        return changes
            .Where(change => !direct.Cover(change))
            .Select(change => change.ToString())
            .FirstOrDefault();
    }
}
