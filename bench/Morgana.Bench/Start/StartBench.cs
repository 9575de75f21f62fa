using System.Globalization;
using Morgana.Elf;

namespace Morgana.Bench.Start;

/// <summary>
/// Whole-process time of hello: as an image under our tender, and as the same program published with NativeAOT for Linux.
/// Runs are pinned to one processor and interleaved; medians and their ratio are printed. The parts of a start come from programs that
/// stop earlier: the tender that only says its version, and an image that ends with its first instruction.
/// </summary>
internal static class StartBench
{
    /// <summary>mov edi, 0; mov eax, 231 (exit_group); syscall.</summary>
    private static ReadOnlySpan<byte> ExitAtOnce =>
        [0xbf, 0, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05];

    public static int Run(string[] args)
    {
        int runs = args is ["--runs", var text]
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : 20;
        const string Tender = "artifacts/tender/linux-x64/morgana-spt";
        const string Image = "unikernels/hello/dist/hello.spt";
        const string Linux = "artifacts/bench/hello-linux/hello-linux";
        foreach (string file in new[] { Tender, Image, Linux })
        {
            if (!File.Exists(file))
            {
                Console.Error.WriteLine(
                    $"{file} is not there: run bench/start, which builds all of it."
                );
                return 1;
            }
        }

        string empty = Path.Combine(Path.GetTempPath(), "morgana-bench-empty.spt");
        File.WriteAllBytes(empty, EmptyImage());
        (string Name, string[] Command)[] contestants =
        [
            ("hello as an image", [Tender, "--mem=64", Image]),
            ("hello as a Linux process", [Linux]),
            ("an image that ends at once", [Tender, "--mem=64", empty]),
            ("the tender's --version", [Tender, "--version"]),
        ];
        Spawner.PinTo(1);
        double[][] times = [.. contestants.Select(_ => new double[runs])];
        for (int run = -3; run < runs; run++)
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                double time = Spawner.Milliseconds(contestants[i].Command);
                if (run >= 0)
                {
                    times[i][run] = time;
                }
            }
        }

        double[] medians = [.. times.Select(Median)];
        for (int i = 0; i < contestants.Length; i++)
        {
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{contestants[i].Name, -28} median {medians[i]:F2} ms   min {times[i].Min():F2}   max {times[i].Max():F2}   ({runs} runs)"
                )
            );
        }

        double[] ratios = [.. times[0].Zip(times[1], (a, b) => a / b)];
        Console.WriteLine(
            FormattableString.Invariant(
                $"image / Linux process: {medians[0] / medians[1]:F2} of the medians, {Median(ratios):F2} pair by pair"
            )
        );
        Console.WriteLine("where the image's time goes:");
        Console.WriteLine(
            FormattableString.Invariant(
                $"  {medians[3]:F2} ms  the tender's own start (its .NET runtime, exec to exit)"
            )
        );
        Console.WriteLine(
            FormattableString.Invariant(
                $"  {medians[2] - medians[3]:F2} ms  reading and checking the image, the plan, exec of the stub, mapping, the filter"
            )
        );
        Console.WriteLine(
            FormattableString.Invariant(
                $"  {medians[0] - medians[2]:F2} ms  the image: .NET's start, Main, the end"
            )
        );
        return 0;
    }

    private static byte[] EmptyImage() =>
        new ElfImageWriter(ElfMachine.X64, 0x100000)
            .Load(ElfSegmentFlags.Read | ElfSegmentFlags.Execute, 0x100000, ExitAtOnce.ToArray())
            .Note("Solo5", AbiNote.NoteType, new AbiNote(AbiTarget.Spt, 2).ToDescriptor())
            .Note("Solo5", ManifestNote.NoteType, ManifestNote.Encode(new Manifest([])))
            .Write();

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
