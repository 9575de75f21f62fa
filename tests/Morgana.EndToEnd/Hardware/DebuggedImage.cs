using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware;

/// <summary>The image of <c>tests/Images/debugging</c>: unoptimised for stepping, and optimised with its symbols in a file of its own.</summary>
internal sealed class DebuggedImage(RigArchitecture architecture)
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests",
        "Images",
        "debugging"
    );

    private readonly string name = architecture == RigArchitecture.Arm64 ? "arm64" : "x64";

    /// <summary>Its source, as gdb names it: without the folder of the checkout.</summary>
    public const string Source = "/_/tests/Images/debugging/Unikernel.cs";

    /// <summary>The image of the profile debug, with symbols.</summary>
    public string Unoptimised => Built("debug");

    /// <summary>The image of the profile release, without symbols.</summary>
    public string Optimised => Built("lines");

    /// <summary>What the tender and the image are called in a job.</summary>
    public IReadOnlyList<RigFile> Files(string image) =>
        [
            RigFile.From(
                Path.Combine(Repository.Root, "artifacts", "tender", $"linux-{name}", "morgana-hvt")
            ),
            RigFile.From(image, "image.hvt"),
        ];

    /// <summary>The symbols of <see cref="Optimised"/>, as the tool finds them.</summary>
    public async Task<string> SymbolsAsync()
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["query", "symbols", "-C", Folder, "--context", $"lines-{name}"]
        );
        Assert.Equal((0, ""), (result.Code, result.Errors));
        return Path.Combine(Folder, result.Output.TrimEnd());
    }

    /// <summary>The number of the line of its source that has the comment "line: ...".</summary>
    public static int Line(string comment) =>
        1
        + Array.FindIndex(
            File.ReadAllLines(Path.Combine(Folder, "Unikernel.cs")),
            line => line.EndsWith($"// line: {comment}", StringComparison.Ordinal)
        );

    private string Built(string kind)
    {
        string path = Path.Combine(Folder, "dist", $"debugging.{kind}.{name}.hvt");
        return File.Exists(path)
            ? path
            : throw new MissingToolException(
                $"The image {path} is not built. Build it: morgana configure -C tests/Images/debugging, morgana depends, morgana build; on arm64's behalf eng/fetch-arm64 before"
            );
    }
}
