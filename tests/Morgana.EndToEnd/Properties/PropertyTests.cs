using Morgana.EndToEnd.Processes;
using Morgana.Rig;
using Morgana.Rig.Guest;

namespace Morgana.EndToEnd.Properties;

/// <summary>
/// The same small programs on every target and architecture: each shows one property of the native layer, and prints the same
/// everywhere.
/// </summary>
public sealed class PropertyTests(PropertyWorld world, SharedRigs rigs)
    : IClassFixture<PropertyWorld>
{
    /// <summary>Images and their programs.</summary>
    public static TheoryData<string, string> Programs =>
        [.. PropertyProgram.All.Select(program => (program.Image, program.Name))];

    /// <summary>Those of them that have a network.</summary>
    public static TheoryData<string, string> NetworkPrograms =>
        [
            .. PropertyProgram
                .All.Where(program => program.Networks.Count > 0)
                .Select(program => (program.Image, program.Name)),
        ];

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_spt_x64(string image, string name) =>
        ShowsAsync(new LocalMachine("spt", arm64: false, world.Space), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_spt_arm64(string image, string name) =>
        ShowsAsync(new LocalMachine("spt", arm64: true, world.Space), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_unix_x64(string image, string name) =>
        ShowsAsync(new LocalMachine("unix", arm64: false, world.Space), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_unix_arm64(string image, string name) =>
        ShowsAsync(new LocalMachine("unix", arm64: true, world.Space), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_hvt_x64(string image, string name) =>
        ShowsAsync(new RigMachine("hvt", RigArchitecture.X64, rigs), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_hvt_arm64(string image, string name) =>
        ShowsAsync(new RigMachine("hvt", RigArchitecture.Arm64, rigs), image, name);

    [Theory]
    [MemberData(nameof(NetworkPrograms))]
    public Task On_hvt_x64_with_the_ring(string image, string name) =>
        ShowsAsync(new RigMachine("hvt", RigArchitecture.X64, rigs, hasRing: true), image, name);

    [Theory]
    [MemberData(nameof(NetworkPrograms))]
    public Task On_hvt_arm64_with_the_ring(string image, string name) =>
        ShowsAsync(new RigMachine("hvt", RigArchitecture.Arm64, rigs, hasRing: true), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_spt_arm64_under_the_filter_of_a_real_kernel(string image, string name) =>
        ShowsAsync(new RigMachine("spt", RigArchitecture.Arm64, rigs), image, name);

    [Theory]
    [MemberData(nameof(Programs))]
    public Task On_virtio_x64(string image, string name) =>
        ShowsAsync(new VirtioMachine(world.Space), image, name);

    internal static async Task ShowsAsync(IPropertyMachine machine, string image, string name)
    {
        PropertyProgram program = PropertyProgram.All.Single(p =>
            p.Image == image && p.Name == name
        );
        ProcessResult result = await machine.RunAsync(program);
        string? difference = program.Expectation.Difference(result.Code, result.Output);
        Assert.True(
            difference is null,
            $"{image}/{name} on {machine.Context}: {difference}\nStandard error:\n{result.Errors}"
        );
    }
}
