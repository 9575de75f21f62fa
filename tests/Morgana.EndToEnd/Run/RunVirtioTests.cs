using System.Text.Json;
using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.EndToEnd.Worlds;

namespace Morgana.EndToEnd.Run;

/// <summary>
/// <c>morgana run</c> with images of virtio: they are started in QEMU, which emulates the processor here, whatever this machine's KVM is.
/// </summary>
public sealed class RunVirtioTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_the_image_prints_comes_out_untouched_and_its_end_is_told()
    {
        await using NetworkNamespace space = await NetworkNamespace.CreateAsync();
        await using RunningProcess run = Run(space, "--image", Image("unikernels/hello", "hello"));
        Assert.Equal(0, await run.ExitAsync(Patience));
        Assert.Equal("Hello from Morgana\n", run.Output);
        Assert.Contains(
            "MORGANA_KVM=0 says that KVM is not to be used. QEMU emulates",
            run.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_exit_code_is_the_images()
    {
        await using NetworkNamespace space = await NetworkNamespace.CreateAsync();
        await using RunningProcess run = Run(
            space,
            "--image",
            Image("tests/Images/properties", "properties"),
            "--",
            "--program=exit-code",
            "--number=42"
        );
        Assert.Equal(42, await run.ExitAsync(Patience));
    }

    [Fact]
    public async Task The_resolver_resolves_from_the_root_over_a_published_port()
    {
        await using RootWorld world = await RootWorld.CreateAsync();
        await using RunningProcess run = Run(
            world.Space,
            "--json",
            "--internet",
            "-p",
            "127.0.0.1:5353:53/udp",
            "--image",
            Image("unikernels/resolver", "resolver"),
            "--",
            "--ipv4=10.0.0.2/24",
            "--ipv4-gateway=10.0.0.1"
        );
        _ = await run.LineAsync("listening on UDP port 53", Patience);
        DnsAnswer answer = await DnsClientProgram.DigAsync(
            world.Space,
            "127.0.0.1",
            "www.example.com",
            "A",
            "-p",
            "5353"
        );
        Assert.Equal(["203.0.113.80"], answer.Data("A"));
        run.Send(PosixSignalNumber.Interrupt);
        Assert.Equal(143, await run.ExitAsync(Patience));
        JsonElement exited = await RunWorld.EventAsync(run, "exited");
        Assert.Equal(143, exited.GetProperty("code").GetInt32());
        Assert.True(exited.GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public async Task An_emulator_that_cannot_start_the_image_is_no_exit_code_of_it()
    {
        await using NetworkNamespace space = await NetworkNamespace.CreateAsync();
        await using RunningProcess run = Run(
            space,
            "--net:service=missing0",
            "--net-mac:service=nonsense",
            "--image",
            Image("unikernels/resolver", "resolver")
        );
        Assert.Equal(125, await run.ExitAsync(Patience));
        Assert.Contains("QEMU has not run the image", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hvt_without_KVM_is_refused_with_what_works_instead()
    {
        await using NetworkNamespace space = await NetworkNamespace.CreateAsync();
        await using RunningProcess run = Run(
            space,
            "--image",
            Image("unikernels/hello", "hello", "hvt")
        );
        Assert.Equal(125, await run.ExitAsync(Patience));
        Assert.Contains("The target hvt needs KVM", run.Errors, StringComparison.Ordinal);
        Assert.Contains("-t virtio", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private static RunningProcess Run(NetworkNamespace space, params string[] arguments) =>
        space.Start(
            Tool.Find("env", "coreutils"),
            ["MORGANA_KVM=0", Repository.MorganaTool, "run", .. arguments]
        );

    private static string Image(string folder, string name, string target = "virtio")
    {
        string path = Path.Combine(Repository.Root, folder, "dist", $"{name}.{target}");
        return File.Exists(path)
            ? path
            : throw new MissingToolException(
                $"The image {path} is not built. Build it: in {folder}, morgana configure -t spt,{target} && morgana build"
            );
    }
}
