using System.Text.Json;
using System.Text.Json.Serialization;

namespace Morgana.Build.Plans;

/// <summary>Everything that a build does, as MSBuild worked it out: <c>obj/morgana/plan.json</c>.</summary>
public sealed record BuildPlan
{
    /// <summary>The version of the form; a plan of another version is made anew.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The file's name.</summary>
    public const string FileName = "plan.json";

    /// <summary>The version of the form of this plan.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The program's name.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the project's folder, where programs run.</summary>
    public required string ProjectFolder { get; init; }

    /// <summary>Full path of the folder for this plan and the engine's records.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Folders whose place does not matter for what is made, with names in place of them: <c>/home/me/mine</c> is <c>/_/</c>.</summary>
    public required IReadOnlyDictionary<string, string> Roots { get; init; }

    /// <summary>What the plan was made from.</summary>
    public required Evaluation Evaluation { get; init; }

    /// <summary>The actions, in an order in which they could run one after the other.</summary>
    public required IReadOnlyList<BuildAction> Actions { get; init; }

    /// <summary>The images.</summary>
    public required IReadOnlyList<PlannedImage> Images { get; init; }

    /// <summary>Reads a plan.</summary>
    /// <returns>Null when there is none, or it is damaged or of another version: then it is made anew.</returns>
    public static BuildPlan? TryRead(string stateFolder)
    {
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(stateFolder, FileName));
            BuildPlan? plan = JsonSerializer.Deserialize(file, PlanJson.Default.BuildPlan);
            return plan?.Version == CurrentVersion && plan.IsWhole() ? plan : null;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or JsonException
                        or UnauthorizedAccessException
                        or NotSupportedException
            )
        {
            return null;
        }
    }

    /// <summary>
    /// The actions that MSBuild has done itself when it made the plan: the C# compiler, unless something was edited while it ran.
    /// </summary>
    public IReadOnlySet<string> DoneByEvaluation()
    {
        HashSet<string> done = new(StringComparer.Ordinal);
        foreach (BuildAction action in Actions.Where(action => action.Kind == ActionKind.CSharp))
        {
            DateTime made = File.GetLastWriteTimeUtc(action.Outputs[0]);
            if (action.Inputs.All(input => File.GetLastWriteTimeUtc(input) <= made))
            {
                _ = done.Add(action.Id);
            }
        }

        return done;
    }

    // What is left out of the file, or null in it, is null here whatever the types say.
    private bool IsWhole() =>
        Name is not null
        && ProjectFolder is not null
        && StateFolder is not null
        && Roots?.All(root => root.Value is not null) == true
        && Evaluation?.IsWhole() == true
        && Actions?.All(action => action?.IsWhole() == true) == true
        && Images?.All(image => image is { Context: not null, Path: not null, Linked: not null })
            == true;

    /// <summary>Writes the plan into its folder, all or nothing.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write()
    {
        _ = Directory.CreateDirectory(StateFolder);
        AtomicFile.Write(
            Path.Combine(StateFolder, FileName),
            JsonSerializer.SerializeToUtf8Bytes(this, PlanJson.Default.BuildPlan)
        );
    }
}

/// <summary>Compiled serialisers of the plan.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(BuildPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;
