using System.Globalization;
using System.Text;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware.Traps;

/// <summary>
/// A C file for hvt on one architecture, and how each of its cases ended under the tender in the rig: all of them are one job, since a
/// job costs more than a case.
/// </summary>
/// <param name="rigs">The rigs of this test run.</param>
/// <param name="architecture">Where it runs.</param>
/// <param name="source">The file, from the folder of this one.</param>
/// <param name="cases">What its first argument may be.</param>
public abstract class TrapImage(
    SharedRigs rigs,
    RigArchitecture architecture,
    string source,
    IEnumerable<string> cases
) : IAsyncDisposable
{
    /// <summary>The program, from the repository's folder.</summary>
    internal const string Source = "tests/Morgana.EndToEnd/Hardware/Traps/traps.c";

    private readonly DirectoryInfo folder = TemporaryFolder.Create("traps");
    private readonly SemaphoreSlim turn = new(1);
    private Dictionary<string, ProcessResult>? results;

    internal async Task<ProcessResult> RunAsync(string name)
    {
        await turn.WaitAsync();
        try
        {
            return (results ??= await RunAllAsync())[name];
        }
        finally
        {
            _ = turn.Release();
        }
    }

    private async Task<Dictionary<string, ProcessResult>> RunAllAsync()
    {
        string name = architecture == RigArchitecture.Arm64 ? "arm64" : "x64";
        string image = await NativeImage.BuildAsync(
            $"tests/Morgana.EndToEnd/Hardware/Traps/{source}",
            name,
            "hvt",
            folder.FullName
        );
        string tender = Path.Combine(
            Repository.Root,
            "artifacts",
            "tender",
            $"linux-{name}",
            "morgana-hvt"
        );
        if (!File.Exists(tender))
        {
            throw new MissingToolException(
                $"There is no {tender}. Build it: eng/build-tenders {name}"
            );
        }

        Rig.Rig rig = await rigs.GetAsync(architecture);
        string script = string.Join(
            '\n',
            cases.Select(one =>
                $"./morgana-hvt --mem=16 image {one} >out 2>err; code=$?; echo \"@ {one} $code\"; cat out; echo @; cat err"
            )
        );
        RigResult run = await rig.RunAsync(
            [
                RigFile.From(tender),
                RigFile.From(image, "image"),
                new RigFile("run", Encoding.UTF8.GetBytes(script)),
            ],
            "sh ./run"
        );
        Dictionary<string, ProcessResult> ended = [];
        foreach (
            string part in run.Output.Split(
                "@ ",
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            string[] lines = part.Split('\n');
            string[] words = lines[0].Split(' ');
            int middle = Array.IndexOf(lines, "@");
            ended.Add(
                words[0],
                new ProcessResult(
                    int.Parse(words[1], CultureInfo.InvariantCulture),
                    string.Join('\n', lines[1..middle]),
                    string.Join('\n', lines[(middle + 1)..])
                )
            );
        }

        return ended;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        folder.Delete(recursive: true);
        turn.Dispose();
        return ValueTask.CompletedTask;
    }
}
