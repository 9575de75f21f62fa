using System.Runtime.InteropServices;
using Morgana.Cli.Run.Images;
using Morgana.Elf;
using Morgana.Tender.Hvt;

namespace Morgana.Cli.Run.Carriers;

/// <summary>QEMU, for images of the target virtio: with KVM where that works, else with its own emulation of the processor.</summary>
/// <param name="options">The command line.</param>
/// <param name="measure">Tries this machine's KVM.</param>
internal sealed class QemuCarrier(RunOptions options, Func<KvmReport> measure) : ICarrier
{
    /// <summary>Exit code of a program that SIGTERM ended, as shells give it.</summary>
    private const int Terminated = 128 + 15;

    /// <summary>The same for SIGKILL.</summary>
    private const int Killed = 128 + 9;

    private string program = "";
    private bool hardware;

    /// <inheritdoc/>
    public string Name => "emulator";

    /// <inheritdoc/>
    public bool KeepsInput => false;

    /// <inheritdoc/>
    public void Prepare(string image, Action<string>? note)
    {
        if (ImageManifest.Machine(image) != ElfMachine.X64)
        {
            throw new RunException($"{image} is not for x64, the one architecture of this target.");
        }

        program = options.Tender ?? Find();
        if (RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            note?.Invoke("the image is for x64 and this machine is not: QEMU emulates it.");
            return;
        }

        KvmReport report = measure();
        hardware = report.Works;
        if (!hardware)
        {
            note?.Invoke(
                $"{report.Problem}. QEMU emulates the processor instead, which is slower."
            );
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Command(
        IReadOnlyList<ManifestDevice> devices,
        string image,
        DeviceArgument? made
    ) =>
        QemuCommand.Build(
            program,
            hardware,
            options,
            devices,
            image,
            made,
            () => QemuCommand.NewHardwareAddress(Random.Shared)
        );

    /// <inheritdoc/>
    public int ExitCode(int code, bool stopped) =>
        code switch
        {
            // Asked to end, QEMU ends well.
            0 when stopped => Terminated,
            // Unless it did not in time, or had not begun to listen. Without the stop these are codes of images too.
            Killed or Terminated when stopped => code,
            1 when !stopped => throw new RunException(
                "QEMU has not run the image; what it says stands above."
            ),
            _ => QemuCommand.ImageCode(code),
        };

    private static string Find()
    {
        const string Name = "qemu-system-x86_64";
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            ),
            "/usr/bin",
            "/usr/local/bin",
        ];
        return folders.Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists)
            ?? throw new RunException(
                $"There is no {Name} on the PATH, which runs images of virtio. Install it (Debian: apt-get install qemu-system-x86), name one with --tender PATH, or run the target spt."
            );
    }
}
