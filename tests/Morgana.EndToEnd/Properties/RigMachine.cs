using System.Text.RegularExpressions;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Properties;

/// <summary>
/// A target with a tender, in the rig: the static tender on a real kernel of the architecture, with KVM. Network devices are TAPs of a network namespace that the job makes for itself,
/// with the rig's Linux at the other end.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="architecture">Of the image and the rig.</param>
/// <param name="rigs">The rigs.</param>
/// <param name="hasRing">Whether hvt's tender offers its network ring; then frames must go through it and nowhere else.</param>
internal sealed partial class RigMachine(
    string target,
    RigArchitecture architecture,
    SharedRigs rigs,
    bool hasRing = false
) : IPropertyMachine
{
    /// <summary>Milliseconds that an emulated machine may take longer to wake up a program, and that to enter its guest.</summary>
    private const int Slack = 20;

    private readonly string name = architecture == RigArchitecture.Arm64 ? "arm64" : "x64";

    public string Context => $"{target}-{name}{(hasRing ? " with the ring" : "")}";

    public async Task<ProcessResult> RunAsync(PropertyProgram program)
    {
        Rig.Rig rig = await rigs.GetAsync(architecture);
        List<string> script = ["set -e"];
        if (hasRing)
        {
            script.Add("export MORGANA_HVT_RING=count");
        }

        List<string> options = [$"--mem={Unikernel.Memory}"];
        foreach ((int index, string network) in program.Networks.Index())
        {
            script.Add(
                $"tunctl -t wire{index} > /dev/null; ip addr add 10.0.{index}.1/24 dev wire{index}; ip link set wire{index} up"
            );
            options.Add($"--net:{network}=wire{index}");
        }

        foreach (string device in program.BlockDevices)
        {
            script.Add($"truncate -s {PropertyProgram.BlockDeviceSize} {device}");
            options.Add($"--block:{device}={device}");
        }

        script.Add(
            $"exec ./morgana-{target} {string.Join(' ', options)} image {string.Join(' ', program.QuotedArguments(Slack).Select(Shell))}"
        );
        RigResult result = await rig.RunAsync(
            [
                RigFile.From(
                    Path.Combine(
                        Repository.Root,
                        "artifacts",
                        "tender",
                        $"linux-{name}",
                        $"morgana-{target}"
                    )
                ),
                RigFile.From(Image(program), "image"),
                new RigFile("run", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', script))),
            ],
            // The rig's own TAPs have the same addresses.
            "exec unshare -n sh ./run"
        );
        Assert.True(
            !hasRing || RingAlone.IsMatch(result.Error),
            $"{program.Image}/{program.Name}: the frames did not go through the ring:\n{result.Error}\nIt printed:\n{result.Output}"
        );
        return new ProcessResult(result.ExitCode, result.Output, result.Error);
    }

    // What the tender says at the guest's end.
    [GeneratedRegex("network ring: [1-9][0-9]* requests, 0 hypercalls")]
    private static partial Regex RingAlone { get; }

    private string Image(PropertyProgram program) =>
        PropertyImage.Path(program, $".{name}.{target}");

    private static string Shell(string word) =>
        $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
