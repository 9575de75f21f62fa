using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Devices;
using Morgana.Tender.Hvt.Debugging;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Hvt;

/// <summary>
/// The hvt tender: runs an image as a virtual machine of Linux's KVM. Command line and ABI are those of <c>solo5-hvt</c>.
/// </summary>
/// <remarks>On x86-64 and arm64.</remarks>
public static class HvtTender
{
    private static readonly TenderProgram Program = new(
        "morgana-hvt",
        HvtAbi.Format,
        DebugOptions.Usage
    );

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments of <c>solo5-hvt</c>, without the program's name.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>The guest's exit status; 0 for <c>--version</c>; 1 for any error, and for <c>--help</c>, as in solo5-hvt.</returns>
    public static int Run(string[] args, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(error);
        return Program.Run(args, error, options => Start(options, error));
    }

    private static int Start(TenderOptions options, TextWriter error)
    {
        DescriptorElfSource source = DescriptorElfSource.Open(options.Image);

        // The page directories map large pages.
        ulong memorySize = Math.Max(
            options.MemorySize & ~(GuestLayout.LargePage - 1),
            GuestLayout.LargePage
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
        // With a debugger the guest stands still as a whole, and hypercalls do it.
        ulong shared = options.Debugging is null or { WaitsForDebugger: false, CoreFolder: null }
            ? RingOffer.Reserve(image.Manifest, memorySize)
            : 0;
        KvmMachine machine = KvmMachine.Create(memorySize, shared);
        ulong counterRate = machine.Processor.CounterRate(machine);
        machine.Processor.Prepare(machine, image.File.Entry);
        (ulong Start, ulong End)[] readOnly = HvtGuest.Load(
            image,
            source.Descriptor,
            machine.Memory
        );
        HvtGrant.Write(image.Note, machine.Memory);
        HvtGuest.WriteBootInfo(image, machine.Memory, devices, commandLine, counterRate);
        machine.Memory.Protect(readOnly);
        var debugging = HvtDebugging.Open(options, machine, image, epoll, error);
        int? kick = OfferRing(machine);
        machine.CloseSpare();
        _ = LinuxCalls.Close(source.Descriptor);
        HypercallHandler calls = new(machine.Memory, devices, epoll, timer);

        List<SeccompRule> rules = HvtSandbox.Rules(
            machine.Cpu,
            machine.Processor.ReadRegistersRequest,
            epoll,
            timer,
            devices,
            kick
        );
        rules.AddRange(debugging.Rules());
        if (SeccompRule.IsExplained("MORGANA_HVT_EXPLAIN\0"u8))
        {
            SeccompRule.Explain(rules, image.File, error);
            return 0;
        }

        NetworkRing ring = new(machine.Memory, devices);
        bool isCounted = kick is not null && RingOffer.IsCounted;
        if (kick is int wakes)
        {
            RingThread.Start(ring, wakes, Environment.ProcessorCount > 1, Program.Name);
        }

        HvtSandbox.Enter(
            rules,
            debugging.Folder,
            [
                machine.Cpu,
                epoll,
                timer,
                .. kick is int own ? [own] : Array.Empty<int>(),
                .. debugging.Descriptors,
                .. devices.Select(device => device.Descriptor),
            ]
        );
        int status = HvtRun.Run(machine, calls, debugging);
        if (isCounted)
        {
            error.Write(
                $"{Program.Name}: network ring: {ring.Served} requests, {calls.NetworkCount} hypercalls\n"
            );
        }

        return status;
    }

    // The descriptor by which the guest wakes the ring's thread; null: only hypercalls.
    private static int? OfferRing(KvmMachine machine)
    {
        if (machine.Memory.Mapped == machine.Memory.Size)
        {
            return null;
        }

        int kick = RingKick.Create(machine);
        if (kick < 0)
        {
            return null;
        }

        RingOffer.Write(machine.Memory);
        return kick;
    }
}
