using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What a run has of debugging: a debugger, a core file at a bad end, both or neither.</summary>
internal sealed class HvtDebugging
{
    private const int AbortStatus = 255; // SOLO5_EXIT_ABORT

    private readonly KvmMachine machine;
    private readonly GuestImage image;
    private readonly TextWriter error;
    private readonly IDebugProcessor? processor;
    private readonly GuestDebugger? debugger;
    private readonly CoreDump? core;

    private HvtDebugging(
        KvmMachine machine,
        GuestImage image,
        TextWriter error,
        IDebugProcessor? processor,
        GuestDebugger? debugger,
        CoreDump? core
    )
    {
        this.machine = machine;
        this.image = image;
        this.error = error;
        this.processor = processor;
        this.debugger = debugger;
        this.core = core;
    }

    /// <summary>
    /// Opens what the options ask for; with <c>--gdb</c> it waits for the debugger. To be called before the sandbox, on the thread
    /// that runs the guest, while KVM can still be asked about itself.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="machine">The machine, with the guest loaded.</param>
    /// <param name="image">The image in it.</param>
    /// <param name="epoll">The set that the guest waits with.</param>
    /// <param name="error">Where messages go.</param>
    /// <exception cref="TenderException">Something cannot be opened.</exception>
    public static HvtDebugging Open(
        TenderOptions options,
        KvmMachine machine,
        GuestImage image,
        int epoll,
        TextWriter error
    )
    {
        DebugOptions debugging = options.Debugging ?? new DebugOptions();
        if (!debugging.WaitsForDebugger && debugging.CoreFolder is null)
        {
            return new HvtDebugging(machine, image, error, null, null, null);
        }

        IDebugProcessor processor =
            GuestImage.HostMachine == ElfMachine.Arm64
                ? new Arm64DebugProcessor(machine)
                : new X64DebugProcessor(machine);
        CoreDump? core = debugging.CoreFolder is string folder
            ? CoreDump.Open(folder, options.Image)
            : null;
        GuestDebugger? debugger = null;
        if (debugging.WaitsForDebugger)
        {
            var link = DebugLink.Accept(debugging.Listen, error, options.Image);
            link.Interrupts(machine);
            Devices.GuestEvents.Add(
                epoll,
                link.Descriptor,
                Devices.GuestEvents.DebuggerEvent,
                "the debugger"
            );
            debugger = new GuestDebugger(machine, processor, link, error);
        }

        return new HvtDebugging(machine, image, error, processor, debugger, core);
    }

    /// <summary>The descriptors that it needs in the sandbox.</summary>
    public IEnumerable<int> Descriptors =>
        [.. debugger?.Descriptors ?? [], .. core?.Descriptors ?? []];

    /// <summary>The folder in which the core file gets its name, by its descriptor; null without one.</summary>
    public int? Folder => core?.Folder;

    /// <summary>The system calls that it needs in the sandbox, each with its reason.</summary>
    public IEnumerable<SeccompRule> Rules() =>
        [
            .. debugger?.Rules() ?? [],
            .. processor is not null ? core?.Rules(machine, processor) ?? [] : [],
        ];

    /// <summary>With a debugger: waits until it lets the guest run.</summary>
    /// <exception cref="TenderException">It ends the guest.</exception>
    public void Begin() => debugger?.Begin();

    /// <summary>Lets the guest run.</summary>
    /// <returns>False when it stopped for the debugger only, and is to run again.</returns>
    /// <exception cref="TenderException">KVM cannot run it, or the debugger ends it.</exception>
    public bool Run()
    {
        if (debugger is not null)
        {
            return debugger.Run();
        }

        machine.Run();
        return true;
    }

    /// <summary>The guest has halted.</summary>
    /// <param name="status">Its exit status.</param>
    /// <param name="cookie">Where it left the registers of a trap; null when it did not.</param>
    public void Halted(int status, GuestAddress? cookie)
    {
        if (processor is null)
        {
            return;
        }

        if (status == AbortStatus || cookie is not null)
        {
            Examine(cookie);
        }

        debugger?.ReportExit(status);
    }

    /// <summary>The tender ends the guest.</summary>
    public void Ended()
    {
        if (processor is null || debugger?.HasKilled == true)
        {
            return;
        }

        try
        {
            Examine(null);
            debugger?.ReportExit(1);
        }
        catch (TenderException exception)
        {
            // What ended the guest is what the user is told last.
            error.Write($"morgana-hvt: {exception.Message}\n");
        }
    }

    /// <summary>Shows the guest's state at a bad end to whoever wants it.</summary>
    private void Examine(GuestAddress? cookie)
    {
        byte[] registers = new byte[processor!.Registers.Size];
        processor.ReadRegisters(registers);
        DebugSignal signal = DebugSignal.Abort;
        if (cookie is GuestAddress at)
        {
            ReadOnlySpan<byte> trap = machine.Memory.Host(at.Value, HvtAbi.CookieSize);
            signal = TrapFrame.Apply(trap, image.File.Machine, processor.Registers, registers);
        }

        if (core is not null)
        {
            byte[] notes = CoreNotes.Create(
                image.File.Machine,
                processor.Registers,
                registers,
                signal
            );
            CoreLayout layout = new(
                image.File.Machine,
                CoreLayout.Ranges(image.Segments, machine.Memory.Size),
                notes
            );
            error.Write($"morgana-hvt: {core.Write(machine.Memory, layout)}\n");
        }

        debugger?.ReportFatal(signal, cookie is null ? null : registers);
    }
}
