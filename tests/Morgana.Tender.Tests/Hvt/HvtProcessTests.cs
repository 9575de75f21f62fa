using Morgana.Elf;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.Tender.Tests.Hvt;

/// <summary>Guests of a few instructions in the native tender on KVM in the rig.</summary>
public sealed class HvtProcessTests(SharedRigs rigs)
{
    [Fact]
    public async Task A_guest_says_hello_and_halts_with_its_status()
    {
        // At Data: puts' argument, halt's argument, the text.
        byte[] data = new byte[64];
        BitConverter.TryWriteBytes(data, GuestCode.Data + 32);
        BitConverter.TryWriteBytes(data.AsSpan(8), 6UL);
        BitConverter.TryWriteBytes(data.AsSpan(24), 42);
        "hello\n"u8.CopyTo(data.AsSpan(32));
        Assert.Equal(
            (42, "hello\n", ""),
            await RunAsync(
                new GuestCode().Hypercall(2, GuestCode.Data).Hypercall(8, GuestCode.Data + 16),
                data
            )
        );
    }

    [Theory]
    [InlineData(1, 0xffff_fffcu, "walltime: 8 bytes at 0xfffffffc are not within its memory")]
    [InlineData(1, 0x100000u, "are read-only: 0x100000 to 0x101000")]
    [InlineData(9, 0x200000u, "there is no hypercall 9")]
    [InlineData(0, 0x200000u, "there is no hypercall 0")]
    [InlineData(0x500, 0x200000u, "there is no hypercall 1280")]
    public async Task A_guest_that_lies_is_ended_with_a_message(
        int call,
        uint argument,
        string message
    )
    {
        (int code, string output, string error) = await RunAsync(
            new GuestCode().Hypercall(call, argument),
            [0]
        );
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("the guest was ended: hypercall", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_no_hypercall_ends_the_guest() =>
        Assert.Contains(
            "Invalid guest port access: port=0x4ff",
            (await RunAsync(new GuestCode().Hypercall(-1, 0), [0])).Error,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_write_to_the_images_code_ends_the_guest()
    {
        string error = (await RunAsync(new GuestCode().Store(GuestCode.Base), [0])).Error;
        Assert.Contains(
            "host/guest translation fault: rip=0x1000",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_fault_without_a_handler_ends_the_guest() =>
        Assert.Contains(
            "the guest was ended",
            (await RunAsync(new GuestCode().Store(8), [0])).Error,
            StringComparison.Ordinal
        );

    private async Task<(int Code, string Output, string Error)> RunAsync(
        GuestCode code,
        byte[] data
    )
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Morgana.slnx")))
        {
            root = Path.GetDirectoryName(root);
        }

        string tender = Path.Combine(root!, "artifacts/tender/linux-x64/morgana-hvt");
        Assert.True(File.Exists(tender), "eng/build-tenders x64 makes the tender that this tests");
        byte[] image = TestImage
            .Empty(target: AbiTarget.Hvt)
            .Load(TestImage.Code, GuestCode.Base, code.Bytes)
            .Load(TestImage.Data, GuestCode.Data, data, memorySize: 0x10000)
            .With()
            .Write();
        // In the rig, whatever this machine has: a /dev/kvm that is there says nothing about whether it works.
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        RigResult result = await rig.RunAsync(
            [RigFile.From(tender), new RigFile("image", image)],
            "./morgana-hvt --mem=4 image"
        );
        return (result.ExitCode, result.Output, result.Error);
    }
}
