using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware;

/// <summary>The images that users build, in the static tender on KVM, on arm64.</summary>
public sealed class HvtArm64ImageTests(SharedRigs rigs)
{
    [Fact]
    public async Task Hello_prints_its_line_and_ends_well()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.Arm64);
        RigResult result = await rig.RunAsync(
            [Tender(), Image("hello")],
            $"./morgana-hvt --mem={Unikernel.Memory} hello"
        );
        Assert.Equal(
            (0, "Hello from Morgana\n", ""),
            (result.ExitCode, result.Output, result.Error)
        );
    }

    [Fact]
    public async Task The_resolver_answers_dig_from_outside_the_emulated_machine()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.Arm64);
        await using RigJob job = await rig.StartJobAsync(
            [Tender(), Image("resolver")],
            $"exec ./morgana-hvt --mem={Unikernel.Memory} --net:service=tap0 resolver --ipv4=10.0.0.2/24 --ipv4-gateway=10.0.0.1"
        );
        int port = await rig.ForwardAsync(new RigForward(RigProtocol.Udp, 0, 53));
        try
        {
            _ = await job.OutputLineAsync("listening on UDP port 53");
            ProcessResult result = await RunningProcess.RunAsync(
                Tool.Dig,
                ["@127.0.0.1", "-p", $"{port}", "-r", "+time=2", "+tries=20", "localhost", "A"],
                TimeSpan.FromSeconds(60)
            );
            DnsAnswer answer = DnsAnswer.Parse(result.Output);
            Assert.True(answer.Status == "NOERROR", $"{result.Output}\n{job.Output}\n{job.Error}");
            Assert.Equal(["127.0.0.1"], answer.Data("A"));
        }
        finally
        {
            await rig.StopForwardingAsync(RigProtocol.Udp, port);
        }
    }

    private static RigFile Tender() =>
        RigFile.From(
            Path.Combine(Repository.Root, "artifacts", "tender", "linux-arm64", "morgana-hvt")
        );

    private static RigFile Image(string name)
    {
        string path = Path.Combine(Repository.Root, "artifacts", "arm64", $"{name}.arm64.hvt");
        return File.Exists(path)
            ? RigFile.From(path, name)
            : throw new MissingToolException(
                $"The image {path} is not built. Build it: morgana configure -t spt,hvt in unikernels/{name}, then eng/build-arm64"
            );
    }
}
