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
/// traps.c for hvt on x86-64, and how each of its cases ended under the tender in the rig: all of them are one job, since a job costs
/// more than a case.
/// </summary>
public sealed class TrapImage(SharedRigs rigs) : IAsyncDisposable
{
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
        string image = await NativeImage.BuildAsync(
            "tests/Morgana.EndToEnd/Hardware/Traps/traps.c",
            "x64",
            "hvt",
            folder.FullName
        );
        string tender = Path.Combine(
            Repository.Root,
            "artifacts",
            "tender",
            "linux-x64",
            "morgana-hvt"
        );
        if (!File.Exists(tender))
        {
            throw new MissingToolException(
                $"There is no {tender}. Build it: eng/build-tenders x64"
            );
        }

        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        string script = string.Join(
            '\n',
            TrapTests.Cases.Select(data =>
            {
                string name = data.Data.Item1;
                return $"./morgana-hvt --mem=16 image {name} >out 2>err; code=$?; echo \"@ {name} $code\"; cat out; echo @; cat err";
            })
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
        folder.Delete(recursive: true);
        turn.Dispose();
        return ValueTask.CompletedTask;
    }
}
