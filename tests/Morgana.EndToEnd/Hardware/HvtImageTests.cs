using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware;

/// <summary>C# images as virtual machines of KVM under the hvt tender, in the rig.</summary>
public sealed class HvtImageTests(SharedRigs rigs)
{
    private const string Tender = "./morgana-hvt --mem=32";

    [Fact]
    public async Task Hello_says_hello_and_ends_well()
    {
        RigResult result = await RunAsync("unikernels/hello", "hello", $"{Tender} hello.hvt");
        Assert.Equal(
            (0, "Hello from Morgana\n", ""),
            (result.ExitCode, result.Output, result.Error)
        );
    }

    [Fact]
    public async Task The_resolver_answers_dig_from_outside_the_emulated_machine()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        await using RigJob job = await rig.StartJobAsync(
            Files("unikernels/resolver", "resolver"),
            "./morgana-hvt --mem=64 --net:service=tap3 resolver.hvt --ipv4=10.0.0.33/24 --ipv4-gateway=10.0.0.1"
        );
        int port = await rig.ForwardAsync(new RigForward(RigProtocol.Udp, 0, 53, "10.0.0.33"));
        DnsAnswer answer = await DnsClientProgram.DigAsync(port, "localhost", "A");
        Assert.Equal("NOERROR", answer.Status);
        Assert.False(job.HasEnded, job.Output + job.Error);
        await rig.StopForwardingAsync(RigProtocol.Udp, port);
    }

    [Theory]
    [InlineData("null", 0, "caught NullReferenceException")]
    [InlineData("divide", 0, "caught DivideByZeroException")]
    [InlineData(
        "throw",
        255,
        "Unhandled exception. System.InvalidOperationException: the unikernel gave up"
    )]
    public async Task What_CSharp_can_catch_arrives_as_an_exception(
        string fault,
        int code,
        string expected
    )
    {
        RigResult result = await FaultAsync(fault);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        Assert.Equal((code, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("stack", "main")]
    [InlineData("stack-in-thread", "digger")]
    public async Task A_full_stack_is_reported_with_its_thread_and_the_CSharp_methods_on_it(
        string fault,
        string thread
    )
    {
        RigResult result = await FaultAsync(fault);
        string[] lines = result.Output.Split('\n');
        int at = Array.IndexOf(lines, $"morgana: stack overflow in thread {thread}");
        Assert.True(at >= 0, result.Output);
        Assert.StartsWith("morgana: rax ", lines[at + 1], StringComparison.Ordinal);
        Assert.StartsWith("morgana: stack 0x", lines[at + 6], StringComparison.Ordinal);
        Assert.Contains(
            lines[(at + 7)..],
            line =>
                line.StartsWith(
                    "   at Faults.FaultsUnikernel.Deep(Int32) + ",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            lines[(at + 7)..],
            line => line.EndsWith(" frames more, then", StringComparison.Ordinal)
        );
        Assert.Equal((255, ""), (result.ExitCode, result.Error));
    }

    private Task<RigResult> FaultAsync(string fault) =>
        RunAsync("tests/Images/faults", "faults", $"{Tender} faults.hvt --case={fault}");

    private async Task<RigResult> RunAsync(string folder, string name, string command)
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        return await rig.RunAsync(Files(folder, name), command);
    }

    private static RigFile[] Files(string folder, string name)
    {
        string tender = Path.Combine(Repository.Root, "artifacts/tender/linux-x64/morgana-hvt");
        string image = Path.Combine(Repository.Root, folder, "dist", $"{name}.hvt");
        foreach (string path in (string[])[tender, image])
        {
            if (!File.Exists(path))
            {
                throw new MissingToolException($"There is no {path}: ./test builds it.");
            }
        }

        return [RigFile.From(tender), RigFile.From(image)];
    }
}
