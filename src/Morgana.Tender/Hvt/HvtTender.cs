using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Devices;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Hvt;

/// <summary>
/// The hvt tender: runs an image as a virtual machine of Linux's KVM. Command line and ABI are those of <c>solo5-hvt</c>.
/// </summary>
/// <remarks>So far on x86-64, and without <c>--dumpcore</c>, <c>--gdb</c> and the shared network ring.</remarks>
public static class HvtTender
{
    private const string Program = "morgana-hvt";

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments of <c>solo5-hvt</c>, without the program's name.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>The guest's exit status; 0 for <c>--version</c>; 1 for any error, and for <c>--help</c>, as in solo5-hvt.</returns>
    public static int Run(string[] args, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            var options = TenderOptions.Parse(args, HvtAbi.LargestMemory);
            switch (options.Command)
            {
                case TenderCommand.Help:
                    WriteUsage(error);
                    return 1;
                case TenderCommand.Version:
                    error.Write(
                        $"{Program} tender, version {typeof(HvtTender).Assembly.GetName().Version?.ToString(3)}\nABI version {HvtAbi.Version}\n"
                    );
                    return 0;
                default:
                    return Start(options);
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

    private static int Start(TenderOptions options)
    {
        if (GuestImage.HostMachine != ElfMachine.X64)
        {
            throw new TenderException(
                "this version of morgana-hvt runs on x86-64 only; use solo5-hvt on this machine"
            );
        }

        DescriptorElfSource source = DescriptorElfSource.Open(options.Image);

        // The page directories map large pages.
        ulong memorySize = Math.Max(
            options.MemorySize & ~(X64Layout.LargePage - 1),
            X64Layout.LargePage
        );
        var image = GuestImage.Read(source, HvtAbi.Format, GuestImage.HostMachine);
        image.Place(memorySize);
        byte[] commandLine = GuestArguments.Join(options.Arguments);
        AttachedDevice[] devices = DeviceTable.Attach(
            image.Manifest,
            options.Devices,
            options.Image
        );
        (int epoll, int timer) = GuestEvents.Create(devices);
        KvmMachine machine = KvmMachine.Create(memorySize);
        (ulong Start, ulong End)[] readOnly = HvtGuest.Load(
            image,
            source.Descriptor,
            machine.Memory
        );
        X64Processor.Prepare(machine, image.File.Entry);
        HvtGuest.WriteBootInfo(
            image,
            machine.Memory,
            devices,
            commandLine,
            X64Processor.CounterRate(machine)
        );
        machine.Memory.Protect(readOnly);
        machine.CloseSpare();
        _ = LinuxCalls.Close(source.Descriptor);
        HypercallHandler calls = new(machine.Memory, devices, epoll, timer);

        // The runtime's second thread must have started before the filter forbids how threads start.
        GC.WaitForPendingFinalizers();
        HvtSandbox.Enter(HvtSandbox.Rules(machine.Cpu, epoll, timer, devices));
        return HvtRun.Run(machine, calls);
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
