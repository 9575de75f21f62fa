using System.Text.Json;
using System.Text.Json.Serialization;

namespace Morgana.Build.Plans;

/// <summary>Everything that a build does, as MSBuild worked it out: <c>obj/morgana/plan.json</c>.</summary>
public sealed record BuildPlan
{
    /// <summary>The version of the form; a plan of another version is made anew.</summary>
    public const int CurrentVersion = 3;

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

    /// <summary>Full path of the project file.</summary>
    public string ProjectFile { get; init; } = "";

    /// <summary>Full paths of folders outside of the project's, what is in which decided how the plan was made: toolchains, the native layer, bindings.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Full paths of further files that decided how the plan was made, those that were looked for in vain among them.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Whether the projects speak of folders called bin or obj, so that sources may be in such ones.</summary>
    public bool LooksEverywhere { get; init; }

    /// <summary>Why no edit is known to be single actions' business; empty when some are.</summary>
    public string Opaque { get; init; } = "";

    /// <summary>What the build reads though nobody can tell where it is; empty for nothing. As long as there is something, every build asks MSBuild.</summary>
    public string Unknown { get; init; } = "";

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

    /// <summary>Images that an earlier plan made and that no context makes any more would go on to lie there and grow stale.</summary>
    /// <param name="before">The images of the earlier plan.</param>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    public void ForgetImages(IEnumerable<PlannedImage> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        foreach (
            string path in before
                .Select(image => image.Path)
                .Except(Images.Select(image => image.Path))
        )
        {
            // Images for another folder were made for somebody who wants them there.
            if (
                Images.Count > 0
                && Path.GetDirectoryName(path) == Path.GetDirectoryName(Images[0].Path)
            )
            {
                File.Delete(path);
            }
        }
    }

    // What is left out of the file, or null in it, is null here whatever the types say.
    private bool IsWhole() =>
        Name is not null
        && ProjectFolder is not null
        && StateFolder is not null
        && Roots?.All(root => root.Value is not null) == true
        && ProjectFile is not null
        && Folders?.All(folder => folder is not null) == true
        && Files?.All(file => file is not null) == true
        && Opaque is not null
        && Unknown is not null
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
