using System.Diagnostics;
using System.Globalization;
using Morgana.Build.Execution;
using Morgana.Build.Observation;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Build;

/// <summary>The answer of <c>morgana build</c> when nothing has changed: given before the command line is parsed, which would take longer than the answer.</summary>
internal static class CurrentAnswer
{
    /// <summary>Another version of the tool must look for itself.</summary>
    public static string Owner => GeneratedFiles.ToolVersion;

    /// <summary>Answers <c>build</c>, <c>build -C DIR</c> and <c>-C DIR build</c> when nothing has changed.</summary>
    /// <returns>False when the command has to be carried out.</returns>
    public static bool TryGive(string[] args)
    {
        long start = Stopwatch.GetTimestamp();
        string? folder = args switch
        {
            ["build"] => ".",
            ["build", "-C" or "--directory", string below] => below,
            ["-C" or "--directory", string below, "build"] => below,
            _ => null,
        };
        if (folder is null)
        {
            return false;
        }

        string place = Path.GetFullPath(folder);
        string state = Path.Combine(place, "obj", "morgana");
        if (
            BuildNote.Find(state, place, Owner) is not { Images: { Count: > 0 } images } note
            || ProgramEnvironment.Differences(note.Variables).Count > 0
            || note.Snapshot.Changes().Count > 0
        )
        {
            return false;
        }

        if (note.Snapshot.Renewed)
        {
            note.Write(state);
        }

        foreach (CurrentImage image in images)
        {
            Console.Out.Write(Line(image.Path, image.Size, image.Context, "unchanged"));
        }

        Console.Error.Write(Summary(images.Count, Stopwatch.GetElapsedTime(start)));
        return true;
    }

    /// <summary>What is said about an image.</summary>
    public static string Line(string path, long size, string context, string outcome) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"dist/{Path.GetFileName(path)}  {size / 1e6:0.00} MB  {context}  {outcome}\n"
        );

    /// <summary>What is said at the end.</summary>
    public static string Summary(int images, TimeSpan time) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"  {images} image{(images == 1 ? "" : "s")} in {time.TotalSeconds:0.00} s\n"
        );
}
