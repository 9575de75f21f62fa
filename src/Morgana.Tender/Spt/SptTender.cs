using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Devices;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Spt;

/// <summary>
/// The spt tender: runs an image as a process that can do nothing but the system calls its devices need. Command line and ABI
/// are those of <c>solo5-spt</c>.
/// </summary>
/// <remarks>
/// It checks the image, attaches the devices, composes the launch plan and then gives way to the stub, which is what the process
/// is from then on: a run that succeeds does not return, and the process's exit code is the guest's. See docs/abi.md.
/// </remarks>
public static unsafe class SptTender
{
    /// <summary>
    /// The environment variable that names a user-mode emulator for images of another architecture. Such an image runs
    /// without the sandbox: the emulator needs the system calls that the filter would forbid. For tests.
    /// </summary>
    public const string EmulatorVariable = "MORGANA_SPT_EMULATOR";

    private static readonly TenderProgram Program = new("morgana-spt", SptAbi.Format);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments of <c>solo5-spt</c>, without the program's name.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>0 for <c>--version</c>; 1 for any error, and for <c>--help</c>, as in solo5-spt. An image that runs never returns.</returns>
    public static int Run(string[] args, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(error);
        return Program.Run(args, error, options => Start(options, error));
    }

    private static int Start(TenderOptions options, TextWriter error)
    {
        byte* emulator;
        fixed (byte* name = "MORGANA_SPT_EMULATOR\0"u8)
        {
            emulator = LinuxCalls.GetEnvironment(name);
        }

        LaunchPlan plan = Prepare(options, mayEmulate: emulator != null && *emulator != 0);
        if (SeccompRule.IsExplained("MORGANA_SPT_EXPLAIN\0"u8))
        {
            SeccompRule.Explain(plan.Rules(), plan.Image.File, error);
            return 0;
        }

        if (plan.Image.File.Machine != GuestImage.HostMachine)
        {
            error.Write(
                $"{Program.Name}: WARNING: {options.Image} runs under an emulator, WITHOUT A SANDBOX: no system call filter, no descriptor closed; for tests only\n"
            );
            StubLauncher.LaunchEmulated(plan.Write(), emulator);
        }

        StubLauncher.Launch(plan.Write());
        return 1;
    }

    private static LaunchPlan Prepare(TenderOptions options, bool mayEmulate)
    {
        DescriptorElfSource source = DescriptorElfSource.Open(options.Image);

        var image = GuestImage.Read(
            source,
            SptAbi.Format,
            GuestImage.HostMachine,
            mayEmulate ? GuestImage.OtherMachine : null
        );
        image.Place(options.MemorySize);
        byte[] commandLine = GuestArguments.Join(options.Arguments);
        AttachedDevice[] devices = DeviceTable.Attach(
            image.Manifest,
            options.Devices,
            options.Image
        );
        (int epoll, int timer) = GuestEvents.Create(devices);
        return new LaunchPlan
        {
            Image = image,
            ImageDescriptor = source.Descriptor,
            MemorySize = options.MemorySize,
            CommandLine = commandLine,
            Devices = devices,
            EpollDescriptor = epoll,
            TimerDescriptor = timer,
        };
    }
}
