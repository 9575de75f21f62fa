using System.Buffers.Binary;
using Morgana.Tender.Linux;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>Runs a guest as a debugger wants it: the session's decisions, carried out with KVM and a connection.</summary>
internal sealed class GuestDebugger
{
    private readonly KvmMachine machine;
    private readonly IDebugProcessor processor;
    private readonly DebugLink link;
    private readonly DebugTarget target;
    private readonly DebugSession session;
    private readonly TextWriter error;
    private readonly byte[] input = new byte[4096];
    private readonly byte[] registers;

    // Where the guest met a breakpoint instruction of its own: to go on it must get past it.
    private ulong? ownInstruction;

    /// <summary>Takes a guest and a connection.</summary>
    public GuestDebugger(
        KvmMachine machine,
        IDebugProcessor processor,
        DebugLink link,
        TextWriter error
    )
    {
        this.machine = machine;
        this.processor = processor;
        this.link = link;
        this.error = error;
        target = new DebugTarget(machine.Memory, processor);
        session = new DebugSession(target);
        registers = new byte[processor.Registers.Size];
    }

    /// <summary>Whether the debugger has ended the guest.</summary>
    public bool HasKilled => session.State == SessionState.Killed;

    /// <summary>The descriptors that it needs.</summary>
    public IEnumerable<int> Descriptors => [link.Descriptor];

    private ulong ProgramCounter => machine.Processor.InstructionPointer(machine);

    /// <summary>The system calls that debugging needs, each with its reason.</summary>
    public IEnumerable<SeccompRule> Rules()
    {
        foreach ((nuint request, string reason) in processor.Requests)
        {
            yield return new(
                SystemCall.DeviceControl,
                [ArgumentCheck.Is(0, (ulong)machine.Cpu), ArgumentCheck.Is(1, request)],
                "--gdb: " + reason
            );
        }

        foreach (SeccompRule rule in link.Rules())
        {
            yield return rule;
        }
    }

    /// <summary>Talks with the debugger until the guest is to run.</summary>
    /// <exception cref="TenderException">The debugger ends the guest.</exception>
    public void Begin() => Converse();

    /// <summary>Lets the guest run.</summary>
    /// <returns>True when it stopped for something that is not the debugger's.</returns>
    /// <exception cref="TenderException">KVM cannot run it, or the debugger ends it.</exception>
    public bool Run()
    {
        if (session.State != SessionState.Running)
        {
            machine.Run();
            return true;
        }

        processor.Arm(session.Order.Steps, target.Hardware);
        if (!machine.TryRun())
        {
            TakeInput();
            return false;
        }

        if (machine.Exit == KvmExit.Interrupted)
        {
            TakeInput();
            return false;
        }

        if (processor.ReadStop(target) is not DebugStop stop)
        {
            return true;
        }

        HandleStop(stop);
        return false;
    }

    /// <summary>Shows the debugger a guest that has come to its end, while its memory is still there.</summary>
    /// <param name="signal">What it ends by.</param>
    /// <param name="trap">The registers at the trap that it ends by; null: as they are.</param>
    public void ReportFatal(DebugSignal signal, byte[]? trap)
    {
        if (trap is not null)
        {
            target.ShowTrap(trap);
        }

        if (session.State == SessionState.Running)
        {
            Stop(new StopReport(signal));
        }
    }

    /// <summary>Tells the debugger that the guest has ended.</summary>
    public void ReportExit(int status)
    {
        if (session.State == SessionState.Running)
        {
            session.ReportExit(status);
            Flush();
            link.CloseAfterPeer();
        }
    }

    private void HandleStop(DebugStop stop)
    {
        switch (stop.Kind)
        {
            case DebugStopKind.Instruction:
                ulong at = ProgramCounter;
                if (target.Memory.HasBreakpoint(at))
                {
                    Stop(new StopReport(DebugSignal.Trap, StopCause.SoftwareBreakpoint));
                }
                else
                {
                    ownInstruction = at;
                    Stop(new StopReport(DebugSignal.Trap));
                }

                break;
            case DebugStopKind.Hardware:
                Stop(new StopReport(DebugSignal.Trap, StopCause.HardwareBreakpoint));
                break;
            case DebugStopKind.Write:
                Stop(new StopReport(DebugSignal.Trap, StopCause.WatchedWrite, stop.Address));
                break;
            case DebugStopKind.Access:
                Stop(new StopReport(DebugSignal.Trap, StopCause.WatchedAccess, stop.Address));
                break;
            default:
                bool goesOn =
                    session.Order.RangeEnd != 0 && session.Order.Continues(ProgramCounter);
                if (!goesOn)
                {
                    Stop(new StopReport(DebugSignal.Trap));
                }

                break;
        }
    }

    /// <summary>Reads what the debugger says while the guest runs: Ctrl-C, as a rule.</summary>
    private void TakeInput()
    {
        int count = link.TryTake(input);
        if (count == 0)
        {
            Lose();
            return;
        }

        if (count > 0)
        {
            session.Receive(input.AsSpan(0, count));
            Flush();
        }

        if (session.State == SessionState.Running)
        {
            if (session.WantsInterrupt)
            {
                Stop(new StopReport(DebugSignal.Interrupt));
            }
        }
        else
        {
            Converse();
        }
    }

    private void Stop(StopReport report)
    {
        session.ReportStop(report);
        Flush();
        Converse();
    }

    private void Converse()
    {
        while (session.State == SessionState.Stopped)
        {
            int count = link.Wait(input);
            if (count == 0)
            {
                Lose();
                return;
            }

            session.Receive(input.AsSpan(0, count));
            Flush();
        }

        switch (session.State)
        {
            case SessionState.Detached:
                Leave();
                break;
            case SessionState.Killed:
                link.Close();
                throw new TenderException("the guest was ended by the debugger");
            default:
                SkipOwnInstruction();
                break;
        }
    }

    private void SkipOwnInstruction()
    {
        if (ownInstruction is ulong at && ProgramCounter == at)
        {
            processor.ReadRegisters(registers);
            BinaryPrimitives.WriteUInt64LittleEndian(
                registers.AsSpan(processor.Registers.ProgramCounter),
                at + (ulong)processor.BreakpointInstruction.Length
            );
            _ = processor.TryWriteRegisters(registers);
        }

        ownInstruction = null;
    }

    private void Lose()
    {
        error.Write("morgana-hvt: the debugger is gone; the guest goes on without it\n");
        session.Abandon();
        Leave();
    }

    private void Leave()
    {
        SkipOwnInstruction();
        target.RemoveAll();
        processor.Disarm();
        link.Close();
    }

    private void Flush()
    {
        link.Send(session.Output);
        session.ClearOutput();
    }
}
