using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Virtio;

/// <summary>Every way into an image: multiboot, PVH, a disk; on several machines.</summary>
public sealed class BootTests : IDisposable
{
    private const string TwoWords =
        "--program=arguments \"--text=two  words, a \\\"quote\\\", a \\\\ and a ü\"";

    private readonly DirectoryInfo folder = TemporaryFolder.Create("virtio-boot");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("pc")]
    [InlineData("q35")]
    public async Task By_multiboot(string type) =>
        Shows(
            await new QemuMachine
            {
                Type = type,
                Kernel = VirtioImage.Program("properties"),
                Arguments = TwoWords,
            }.RunAsync()
        );

    [Theory]
    [InlineData("pc")]
    [InlineData("q35")]
    public async Task By_PVH(string type) =>
        Shows(
            await new QemuMachine
            {
                Type = type,
                Kernel = VirtioImage.WithoutMultiboot(VirtioImage.Program("properties"), folder),
                Arguments = TwoWords,
            }.RunAsync()
        );

    [Theory]
    [InlineData("raw", "virtio")]
    [InlineData("qcow2", "virtio")]
    [InlineData("raw", "ide")]
    public async Task From_a_disk(string format, string bus)
    {
        string disk = await VirtioImage.DiskAsync(
            VirtioImage.Program("properties"),
            folder,
            format,
            TwoWords
        );
        QemuMachine machine = new() { Type = "pc" };
        machine.Add("-drive", $"if={bus},format={format},file={disk}");
        Shows(await machine.RunAsync());
    }

    [Fact]
    public async Task Disks_are_the_same_each_time_and_QEMU_finds_no_fault_in_them()
    {
        string image = VirtioImage.Program("properties");
        string raw = await VirtioImage.DiskAsync(image, folder, "raw", TwoWords);
        byte[] first = await File.ReadAllBytesAsync(raw);
        string qcow2 = await VirtioImage.DiskAsync(image, folder, "qcow2", TwoWords);
        Assert.Equal(
            first,
            await File.ReadAllBytesAsync(
                await VirtioImage.DiskAsync(image, folder, "raw", TwoWords)
            )
        );
        string tool = Tool.Find("qemu-img", "qemu-utils");
        (await RunningProcess.RunAsync(tool, ["check", qcow2])).Succeeded("qemu-img check");
        (await RunningProcess.RunAsync(tool, ["compare", raw, qcow2])).Succeeded(
            "qemu-img compare"
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(126)]
    [InlineData(255)]
    public async Task Exit_codes_arrive(int code) =>
        Assert.Equal(
            code,
            (
                await new QemuMachine
                {
                    Kernel = VirtioImage.Program("properties"),
                    Arguments = $"--program=exit-code --number={code}",
                }.RunAsync()
            ).Code
        );

    [Fact]
    public async Task An_exit_code_that_is_larger_than_QEMU_can_carry_is_not_taken_for_success() =>
        Assert.Equal(
            126,
            (
                await new QemuMachine
                {
                    Kernel = VirtioImage.Program("properties"),
                    Arguments = "--program=exit-code --number=128",
                }.RunAsync()
            ).Code
        );

    [Fact]
    public async Task Without_a_way_to_tell_the_exit_code_the_machine_ends_all_the_same()
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Tool.Find("qemu-system-x86_64", "qemu-system-x86"),
            [
                "-accel",
                "tcg",
                "-m",
                "64",
                "-nodefaults",
                "-display",
                "none",
                "-no-reboot",
                "-serial",
                "stdio",
                "-kernel",
                VirtioImage.Program("properties"),
                "-append",
                "--program=exit-code --number=1",
            ],
            TimeSpan.FromMinutes(1)
        );
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Too_little_memory_is_said()
    {
        ProcessResult result = await new QemuMachine
        {
            Type = "pc",
            Kernel = VirtioImage.Program("properties"),
            Memory = 3,
        }.RunAsync();
        Assert.NotEqual(0, result.Code);
        Assert.Contains("memory", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_device_is_said_at_once_with_the_words_that_add_it()
    {
        ProcessResult result = await new QemuMachine
        {
            Kernel = VirtioImage.Program("block"),
            Arguments = "--program=geometry",
        }.RunAsync();
        Assert.Equal(255, result.Code);
        Assert.Contains("'storage'", result.Output, StringComparison.Ordinal);
        Assert.Contains("virtio-blk-pci", result.Output, StringComparison.Ordinal);
    }

    private static void Shows(ProcessResult result)
    {
        Assert.Equal(0, result.Code);
        Assert.Contains(
            "two  words, a \"quote\", a \\ and a ü",
            result.Output,
            StringComparison.Ordinal
        );
    }
}
