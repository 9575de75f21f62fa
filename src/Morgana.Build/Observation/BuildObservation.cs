using System.Security.Cryptography;
using Morgana.Build.Caching;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Observation;

/// <summary>What is built, and where what is known of it lies.</summary>
/// <param name="Folder">The project's folder.</param>
/// <param name="StateFolder">The folder for the plan, the records and the note.</param>
/// <param name="ImageFolder">The folder that images go to.</param>
/// <param name="Owner">Who builds: another version of the tool looks for itself.</param>
/// <param name="Files">Full paths of files that must be as they are, besides those of the plan: what the configuration was made from.</param>
public sealed record BuildPlace(
    string Folder,
    string StateFolder,
    string ImageFolder,
    string Owner,
    IReadOnlyList<string> Files
);

/// <summary>Everything that a build depends on, as it was when the build began; and whether it still was so when the build ended.</summary>
internal sealed class BuildObservation
{
    private readonly BuildPlace place;
    private readonly DateTime began = DateTime.UtcNow;
    private readonly HashSet<string> made = new(StringComparer.Ordinal);

    /// <summary>Looks at everything.</summary>
    /// <param name="place">What is built.</param>
    /// <param name="plan">The last plan; null when there is none: then it is only known which repository it will be about.</param>
    /// <param name="extra">Files of which the contents count though nobody says so.</param>
    /// <param name="hashes">Hashes of files.</param>
    public BuildObservation(
        BuildPlace place,
        BuildPlan? plan,
        IEnumerable<string> extra,
        FileHashes hashes
    )
    {
        this.place = place;
        Snapshot = new Snapshot(
            [
                place.StateFolder,
                place.ImageFolder,
                // A cache may lie in the tree.
                .. CacheLocation.Folder() is { } cache ? (string[])[cache] : [],
            ],
            plan?.LooksEverywhere == true
        );
        _ = Add(plan, null, hashes);
        foreach (string file in extra)
        {
            _ = Snapshot.AddFile(file, hashes);
        }
    }

    /// <summary>How everything was.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>What changed while the build ran; nothing for a build that belongs to one state of the tree.</summary>
    /// <param name="plan">The plan that was carried out.</param>
    /// <param name="hashes">Hashes of files.</param>
    public IReadOnlyList<PathChange> ChangesDuring(BuildPlan plan, FileHashes hashes)
    {
        foreach (BuildAction action in plan.Actions)
        {
            made.UnionWith(action.Outputs);
        }

        // What was only found out meanwhile can be told by its times.
        List<string> late = Add(plan, began, hashes);
        return
        [
            .. Snapshot
                .Changes(made)
                .Concat(late.Select(path => new PathChange(path, ChangeOfPath.Changed)))
                .DistinctBy(change => change.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>Notes a build that went well.</summary>
    public void Note(BuildPlan plan, bool all, IReadOnlyList<string> written, FileHashes hashes)
    {
        BuildRecords records = new(plan.StateFolder);
        foreach (BuildAction action in plan.Actions)
        {
            if (records.Find(action.Id) is { } record)
            {
                foreach ((string output, string hash) in record.Outputs)
                {
                    Snapshot.AddMade(output, hash, hashes);
                }
            }
            else
            {
                all = false;
            }
        }

        if (Snapshot.IsTooLarge || plan.Unknown.Length > 0)
        {
            BuildNote.Forget(plan.StateFolder);
            return;
        }

        new BuildNote
        {
            Place = place.Folder,
            Owner = place.Owner,
            Plan = HashOf(plan),
            Variables = ProgramEnvironment.ForEvaluation(),
            Images = all
                ?
                [
                    .. plan.Images.Select(image => new CurrentImage(
                        image.Context,
                        image.Path,
                        new FileInfo(image.Path).Length
                    )),
                ]
                : [],
            Snapshot = Snapshot,
            Written = written,
        }.Write(plan.StateFolder);
    }

    /// <summary>The hash of a plan's file.</summary>
    public static string HashOf(BuildPlan plan) =>
        Convert.ToHexStringLower(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(plan.StateFolder, BuildPlan.FileName)))
        );

    private List<string> Add(BuildPlan? plan, DateTime? since, FileHashes hashes)
    {
        List<string> late = [];
        string root = Repository.RootOf(place.Folder);
        (IReadOnlyList<string> files, IReadOnlyList<string> folders) = Repository.GitState(root);
        // What comes with Morgana, .NET and packages lies beside the tree and says nothing of how far that goes.
        string[] tools =
        [
            .. (plan?.Roots ?? new Dictionary<string, string>())
                .Where(named => named.Value != "<project>")
                .Select(named => named.Key),
        ];
        ILookup<bool, string> others = (plan?.Folders ?? [])
            .Append(place.Folder)
            .ToLookup(path => tools.Any(tool => Repository.IsIn(path, tool)));
        foreach (
            string path in Repository
                .Folders(root, others[false])
                // Also where they lie in a folder that is passed over on the way from the root.
                .Concat(others[false])
                .Concat(others[true])
                .Concat(folders)
        )
        {
            late.AddRange(Snapshot.AddFolder(path, since));
        }

        foreach (
            string file in files
                .Concat(Repository.AmbientFiles(place.Folder))
                .Concat(place.Files)
                .Concat(plan?.Files ?? [])
        )
        {
            Late(file);
        }

        if (plan is null)
        {
            return late;
        }

        BuildRecords records = new(plan.StateFolder);
        HashSet<string> outputs = new(
            plan.Actions.SelectMany(action => action.Outputs),
            StringComparer.Ordinal
        );
        foreach (BuildAction action in plan.Actions)
        {
            foreach (
                string input in action
                    .Inputs.Concat(records.Find(action.Id)?.Discovered ?? [])
                    .Where(input => !outputs.Contains(input))
            )
            {
                Late(input);
            }

            if (action.Program.Length > 0 && ProgramPath.Find(action.Program) is string program)
            {
                Late(program);
            }
        }

        return late;

        void Late(string file)
        {
            // What MSBuild makes in its own folder is new with each evaluation.
            bool own = Repository.IsIn(file, place.StateFolder);
            if (Snapshot.AddFile(file, hashes, own ? null : since))
            {
                late.Add(file);
            }
        }
    }
}
