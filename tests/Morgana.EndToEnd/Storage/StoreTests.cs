using System.Security.Cryptography;
using System.Text;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Unix;
using Morgana.EndToEnd.Virtio;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Storage;

/// <summary>An image with two disks, one that it changes and one with an archive: what it has stored outlives it, however it ends.</summary>
public sealed class StoreTests(SharedRigs rigs) : IDisposable
{
    private const string Folder = "tests/Images/store";

    private readonly string folder = Directory.CreateTempSubdirectory("morgana-store-").FullName;

    private string Data => Path.Combine(folder, "data.img");

    private string Site => Path.Combine(folder, "site.img");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("spt")]
    [InlineData("unix")]
    [InlineData("virtio")]
    public async Task Values_survive_the_end_of_the_image(string target)
    {
        byte[] big = await MakeDisksAsync();
        ProcessResult first = await RunAsync(
            target,
            "--do=set:a/b=hello",
            "--do=fill:40",
            "--do=count",
            "--do=site:big",
            "--do=site:deep/x"
        );
        Assert.Equal(0, first.Code);
        Assert.Contains("41 values", first.Output, StringComparison.Ordinal);
        Assert.Contains("filled 40", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("is wrong", first.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"site big: {big.Length} {Convert.ToHexStringLower(SHA256.HashData(big))}",
            first.Output,
            StringComparison.Ordinal
        );
        ProcessResult second = await RunAsync(
            target,
            "--do=get:a/b",
            "--do=file:/a/b",
            "--do=check",
            "--do=delete:a/b",
            "--do=get:a/b",
            "--do=list:"
        );
        Assert.Equal(0, second.Code);
        Assert.Contains(
            "a/b = hello\nfile /a/b = hello\ndamaged: 0\ndeleted a/b: True\nno a/b\nfill:Folder:0\n",
            second.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal
        );
        // The tool reads what the image has written.
        ProcessResult check = await ToolAsync("image", "--check", Data);
        Assert.Contains(
            "generation 42: 40 values",
            check.Succeeded("morgana image --check").Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("spt")]
    [InlineData("unix")]
    [InlineData("virtio")]
    public async Task An_image_that_is_killed_in_the_middle_of_its_batches_leaves_whole_ones(
        string target
    )
    {
        _ = await MakeDisksAsync();
        for (int round = 0; round < 3; round++)
        {
            await using (RunningProcess process = Start(target, "--do=spin"))
            {
                _ = await process.LineAsync($"round {round * 50}", TimeSpan.FromMinutes(2));
                process.Send(PosixSignalNumber.Kill);
                _ = await process.ExitAsync(TimeSpan.FromMinutes(1));
            }

            ProcessResult after = await RunAsync(target, "--do=spun", "--do=check");
            Assert.Equal(0, after.Code);
            Assert.Contains("both the same: True", after.Output, StringComparison.Ordinal);
            Assert.Contains("damaged: 0", after.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task On_hvt_values_survive_the_end_of_the_image_and_of_its_tender()
    {
        byte[] big = await MakeDisksAsync();
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        const string Run =
            "./morgana-hvt --mem=32 --block:data=data.img --block:site=site.img image";
        RigResult result = await rig.RunAsync(
            [
                RigFile.From(
                    Path.Combine(Repository.Root, "artifacts/tender/linux-x64/morgana-hvt")
                ),
                RigFile.From(Path.Combine(Repository.Root, Folder, "dist/store.hvt"), "image"),
                RigFile.From(Site),
                new RigFile(
                    "run",
                    Encoding.UTF8.GetBytes(
                        $"""
                        set -e
                        truncate -s 4M data.img
                        {Run} --do=set:a/b=hello --do=fill:10 --do=site:big
                        mkfifo lines
                        {Run} --do=spin > lines &
                        pid=$!
                        # The end of the first line is the beginning of the batches.
                        read line < lines
                        kill -9 $pid || true
                        wait $pid || true
                        {Run} --do=get:a/b --do=spun --do=check
                        """.ReplaceLineEndings("\n")
                    )
                ),
            ],
            "exec sh ./run"
        );
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("filled 10", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            Convert.ToHexStringLower(SHA256.HashData(big)),
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a/b = hello\nboth the same: True\ndamaged: 0",
            result.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_disk_with_something_else_on_it_is_refused_and_left_alone()
    {
        _ = await MakeDisksAsync();
        byte[] other = [.. Enumerable.Repeat((byte)'x', 1 << 20)];
        await File.WriteAllBytesAsync(Data, other, TestContext.Current.CancellationToken);
        ProcessResult result = await RunAsync("spt", "--do=count");
        Assert.Equal(71, result.Code);
        Assert.Contains("'data' holds no store", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            other,
            await File.ReadAllBytesAsync(Data, TestContext.Current.CancellationToken)
        );
    }

    /// <summary>An empty disk, and one with an archive that the tool makes.</summary>
    private async Task<byte[]> MakeDisksAsync()
    {
        byte[] big = new byte[300_001];
        new Random(1).NextBytes(big);
        string site = Path.Combine(folder, "site");
        Directory.CreateDirectory(Path.Combine(site, "deep"));
        await File.WriteAllBytesAsync(Path.Combine(site, "big"), big);
        await File.WriteAllTextAsync(Path.Combine(site, "deep/x"), "x");
        _ = (await ToolAsync("image", "--tar", site, "-o", Site)).Succeeded("morgana image --tar");
        _ = (await ToolAsync("image", "--store", "--size", "4M", "-o", Data)).Succeeded(
            "morgana image --store"
        );
        return big;
    }

    private static Task<ProcessResult> ToolAsync(params string[] words) =>
        RunningProcess.RunAsync(Repository.MorganaTool, words, TimeSpan.FromMinutes(2));

    private async Task<ProcessResult> RunAsync(string target, params string[] arguments)
    {
        if (target == "virtio")
        {
            return await Machine(arguments).RunAsync();
        }

        await using RunningProcess process = Start(target, arguments);
        int code = await process.ExitAsync(TimeSpan.FromMinutes(2));
        return new ProcessResult(code, process.Output, process.Errors);
    }

    private RunningProcess Start(string target, params string[] arguments)
    {
        string[] disks = [$"--block:data={Data}", $"--block:site={Site}"];
        switch (target)
        {
            case "spt":
                return RunningProcess.Start(
                    Repository.Tender,
                    [
                        $"--mem={Unikernel.Memory}",
                        .. disks,
                        Repository.Image(Folder, "store"),
                        .. arguments,
                    ]
                );
            case "unix":
                string[] words = UnixProgram.Words("store", Folder);
                return RunningProcess.Start(
                    words[0],
                    [.. words[1..], $"--mem={Unikernel.Memory}", .. disks, .. arguments]
                );
            default:
                return Machine(arguments).Start();
        }
    }

    private QemuMachine Machine(string[] arguments)
    {
        QemuMachine machine = new()
        {
            Kernel = Path.Combine(Repository.Root, Folder, "dist/store.virtio"),
            Arguments = string.Join(' ', arguments),
        };
        // In the order of the manifest.
        machine.AddDisk(Data);
        machine.AddDisk(Site);
        return machine;
    }
}
