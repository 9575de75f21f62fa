using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Devices;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

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

    private const string Program = "morgana-spt";

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments of <c>solo5-spt</c>, without the program's name.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>0 for <c>--version</c>; 1 for any error, and for <c>--help</c>, as in solo5-spt. An image that runs never returns.</returns>
    public static int Run(string[] args, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            var options = TenderOptions.Parse(args, SptAbi.LargestMemory);
            switch (options.Command)
            {
                case TenderCommand.Help:
                    WriteUsage(error);
                    return 1;
                case TenderCommand.Version:
                    error.Write(
                        $"{Program} tender, version {Version}\nABI version {SptAbi.Version}\n"
                    );
                    return 0;
                default:
                    return Start(options, error);
            }
        }
        catch (UsageException exception)
        {
            error.Write($"{Program}: {exception.Message}\n");
            WriteUsage(error);
        }
        catch (Exception exception) when (exception is TenderException or ElfException)
        {
            error.Write($"{Program}: {exception.Message}\n");
        }

        return 1;
    }

    private static string Version =>
        typeof(SptTender).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static int Start(TenderOptions options, TextWriter error)
    {
        OccupyStandardDescriptors();
        byte* emulator;
        fixed (byte* name = "MORGANA_SPT_EMULATOR\0"u8)
        {
            emulator = LinuxCalls.GetEnvironment(name);
        }

        LaunchPlan plan = Prepare(options, mayEmulate: emulator != null && *emulator != 0);
        fixed (byte* name = "MORGANA_SPT_EXPLAIN\0"u8)
        {
            if (LinuxCalls.GetEnvironment(name) != null)
            {
                Explain(plan, error);
                return 0;
            }
        }

        if (plan.Image.File.Machine != GuestImage.HostMachine)
        {
            error.Write(
                $"{Program}: WARNING: {options.Image} runs under an emulator, WITHOUT A SANDBOX: no system call filter, no descriptor closed; for tests only\n"
            );
            StubLauncher.LaunchEmulated(plan.Write(), emulator);
        }

        StubLauncher.Launch(plan.Write());
        return 1;
    }

    // A descriptor that the tender opens must not become the guest's console because the caller had closed 1.
    private static void OccupyStandardDescriptors()
    {
        for (int descriptor = 0; descriptor < 3; descriptor++)
        {
            if (LinuxCalls.Control(descriptor, LinuxCalls.GetDescriptorFlags, 0) < 0)
            {
                _ = LinuxFile.Open("/dev/null", LinuxCalls.OpenReadWrite);
            }
        }
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

    private static void Explain(LaunchPlan plan, TextWriter error)
    {
        error.Write($"{plan.Image.File.Source.Name}: what is not listed kills the guest\n");
        foreach (Seccomp.SeccompRule rule in plan.Rules())
        {
            if (rule.Call.Number(plan.Image.File.Machine) is not null)
            {
                error.Write($"  {rule}\n");
            }
        }
    }

    private static void WriteUsage(TextWriter writer) =>
        writer.Write(
            $"""
            usage: {Program} [ CORE OPTIONS ] [ -- ] KERNEL [ ARGS ]
            KERNEL is the filename of the unikernel to run.
            ARGS are optional arguments passed to the unikernel.
            Core options:
              [ --mem=512 ] (guest memory in MB)
                --help (display this help)
                --version (display the version and the ABI version)
            Device options:
                --net:NAME=IFACE | @NN (attach tap at IFACE or at fd @NN as network NAME)
              [ --net-mac:NAME=HWADDR ] (set HWADDR for network NAME)
                --block:NAME=PATH (attach block device/file at PATH as block storage NAME)
              [ --block-sector-size:NAME=SECTORSIZE ] (set sector size for block device NAME; a power of two from 512)

            """
        );
}
