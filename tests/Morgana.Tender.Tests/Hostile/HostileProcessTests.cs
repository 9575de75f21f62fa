using System.Diagnostics;
using System.Globalization;
using Morgana.Elf;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;
using Morgana.Tender.Hvt;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests.Hostile;

/// <summary>Wrong images in the real tenders: spt on this machine, hvt on the rig's KVM. And small guests on that KVM that do what no guest does.</summary>
public sealed class HostileProcessTests(SharedRigs rigs)
{
    private const int Images = 300;
    private const int HvtImages = 120;
    private const int AcceptedImages = 100;
    private const ulong Memory = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_wrong_image_ends_the_spt_tender_with_one_message()
    {
        string tender = Tender("morgana-spt");
        string path = Path.GetTempFileName();
        try
        {
            int refused = 0;
            for (int number = 0; number < Images; number++)
            {
                byte[] bytes = ImageMutator.Make(number);
                if (IsAccepted(bytes, SptAbi.Format))
                {
                    // It has nothing attached for its devices, which is an error too.
                    continue;
                }

                File.WriteAllBytes(path, bytes);
                using Process process = Process.Start(
                    new ProcessStartInfo(tender, ["--mem=4", path])
                    {
                        RedirectStandardOutput = true,
                        RedirectStandardError = true,
                    }
                )!;
                Task<string> output = process.StandardOutput.ReadToEndAsync();
                string error = await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync().WaitAsync(Patience);
                CheckRefusal(number, process.ExitCode, await output, error, "morgana-spt");
                refused++;
            }

            Assert.InRange(refused, Images / 2, Images);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_damaged_image_that_passes_the_checks_runs_or_is_killed_but_the_stub_does_not_stumble()
    {
        string tender = Tender("morgana-spt");
        string path = Path.GetTempFileName();
        try
        {
            int run = 0;
            for (int number = 0; run < AcceptedImages; number++)
            {
                byte[] bytes = ImageMutator.Make(number);
                if (!IsAccepted(bytes, SptAbi.Format, withoutDevices: true))
                {
                    continue;
                }

                File.WriteAllBytes(path, bytes);
                using Process process = Process.Start(
                    new ProcessStartInfo(tender, ["--mem=4", path])
                    {
                        RedirectStandardOutput = true,
                        RedirectStandardError = true,
                    }
                )!;
                Task<string> output = process.StandardOutput.ReadToEndAsync();
                string error = await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync().WaitAsync(Patience);
                _ = await output;
                // Its end, or a signal for what its damaged code did: SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS.
                if (
                    error.Length != 0
                    || process.ExitCode is not (0 or 132 or 133 or 135 or 136 or 139 or 159)
                )
                {
                    Assert.Fail($"image {number}: exit code {process.ExitCode}, error '{error}'");
                }

                run++;
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_wrong_image_ends_the_hvt_tender_with_one_message()
    {
        List<RigFile> files = [RigFile.From(Tender("morgana-hvt"))];
        List<int> numbers = [];
        for (int number = 0; numbers.Count < HvtImages; number++)
        {
            byte[] bytes = ImageMutator.Make(number);
            if (!IsAccepted(bytes, HvtAbi.Format))
            {
                files.Add(new RigFile(Name(number), bytes));
                numbers.Add(number);
            }
        }

        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        RigResult result = await rig.RunAsync(
            [.. files],
            "for i in image*; do ./morgana-hvt --mem=4 $i >out 2>error; echo \"$i|$?|$(cat out)|$(cat error)\"; done"
        );
        Assert.Equal("", result.Error);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(HvtImages, lines.Length);
        foreach (int number in numbers)
        {
            string line = Assert.Single(
                lines,
                line => line.StartsWith($"{Name(number)}|", StringComparison.Ordinal)
            );
            string[] parts = line.Split('|', 4);
            CheckRefusal(
                number,
                int.Parse(parts[1], CultureInfo.InvariantCulture),
                parts[2],
                parts[3] + "\n",
                "morgana-hvt"
            );
        }

        static string Name(int number) => $"image{number:d5}";
    }

    [Fact]
    public async Task Each_hostile_hvt_guest_is_ended_with_a_message_and_the_next_one_runs()
    {
        List<RigFile> files = [RigFile.From(Tender("morgana-hvt"))];
        foreach (HostileGuest guest in HostileGuest.All)
        {
            files.Add(new RigFile(guest.Name, guest.Image()));
        }

        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        string names = string.Join(' ', HostileGuest.All.Select(guest => guest.Name));
        RigResult result = await rig.RunAsync(
            [.. files],
            $"dd if=/dev/zero of=disk bs=4096 count=1 2>/dev/null; for i in {names}; do timeout 20 ./morgana-hvt --mem=4 --block:disk=disk $i >out 2>error; echo \"$i|$?|$(cat out)|$(cat error)\"; done; md5sum disk"
        );
        Assert.Equal("", result.Error);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple([
            .. HostileGuest.All.Select(guest =>
                (Action)(
                    () =>
                    {
                        string[] parts = Assert
                            .Single(
                                lines,
                                line => line.StartsWith($"{guest.Name}|", StringComparison.Ordinal)
                            )
                            .Split('|', 4);
                        Assert.Contains(guest.Message, parts[3], StringComparison.Ordinal);
                        Assert.Equal(
                            (guest.Name, guest.Status, guest.Output),
                            (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2])
                        );
                    }
                )
            ),
            // 4096 zeroes: nobody wrote to the disk.
            () => Assert.Equal("620f0b67a91f7f74151bc5be745b7110  disk", lines[^1]),
        ]);
    }

    private static bool IsAccepted(byte[] bytes, GuestFormat format, bool withoutDevices = false)
    {
        try
        {
            var image = GuestImage.Read(
                new MemoryElfSource("hostile", bytes),
                format,
                ElfMachine.X64
            );
            image.Place(Memory);
            return !withoutDevices || image.Manifest.Devices.Count == 0;
        }
        catch (Exception exception) when (exception is ElfException or TenderException)
        {
            return false;
        }
    }

    private static void CheckRefusal(
        int number,
        int code,
        string output,
        string error,
        string program
    )
    {
        if (
            code != 1
            || output.Length != 0
            || !error.StartsWith($"{program}: ", StringComparison.Ordinal)
            || error.Trim('\n').Contains('\n', StringComparison.Ordinal)
            || error.Contains("   at ", StringComparison.Ordinal)
        )
        {
            Assert.Fail($"image {number}: exit code {code}, output '{output}', error '{error}'");
        }
    }

    private static string Tender(string name)
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Morgana.slnx")))
        {
            root = Path.GetDirectoryName(root);
        }

        string tender = Path.Combine(root!, "artifacts", "tender", "linux-x64", name);
        Assert.True(File.Exists(tender), "eng/build-tenders x64 makes the tender that this tests");
        return tender;
    }
}
