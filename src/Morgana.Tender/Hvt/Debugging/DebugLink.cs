using System.Buffers.Binary;
using System.Net;
using Morgana.Tender.Linux;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The connection to a debugger. Bytes that come in while the guest runs raise a signal, which is blocked all the time except while KVM
/// runs the guest: so KVM stops, and no handler ever runs.
/// </summary>
internal sealed unsafe class DebugLink
{
    // How long the debugger has for closing its side after the guest's end. Nothing else has a limit.
    private const int LastSeconds = 5;

    private readonly ulong[] signals = new ulong[LinuxSignals.SetWords];
    private bool isOpen = true;

    private DebugLink(int descriptor)
    {
        Descriptor = descriptor;
        signals[0] = 1UL << LinuxSignals.InputOutput - 1;
    }

    /// <summary>The connection's descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Whether the connection stands.</summary>
    public bool IsOpen => isOpen;

    /// <summary>Waits for a debugger.</summary>
    /// <param name="place">Where.</param>
    /// <param name="error">Where to say so.</param>
    /// <param name="image">The image, for the message.</param>
    /// <exception cref="TenderException">Nobody can connect there.</exception>
    public static DebugLink Accept(IPEndPoint place, TextWriter error, string image)
    {
        int listener = LinuxSockets.Create(
            LinuxSockets.Internet,
            LinuxSockets.Stream | LinuxSockets.CloseOnExec,
            0
        );
        int on = 1;

        // struct sockaddr_in
        byte* address = stackalloc byte[16];
        Span<byte> fields = new(address, 16);
        fields.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(fields, LinuxSockets.Internet);
        BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)place.Port);
        _ = place.Address.TryWriteBytes(fields[4..], out _);
        if (
            listener < 0
            || LinuxSockets.SetOption(
                listener,
                LinuxSockets.SocketLevel,
                LinuxSockets.ReuseAddress,
                &on,
                sizeof(int)
            ) < 0
            || LinuxSockets.Bind(listener, address, 16) < 0
            || LinuxSockets.Listen(listener, 1) < 0
        )
        {
            throw new TenderException(
                $"--gdb: no debugger can connect to {place}: {LinuxError.LastText}; choose another place with --gdb-port=NUMBER"
            );
        }

        error.Write(
            $"morgana-hvt: Waiting for a debugger. Connect to it like this:\n\tgdb --ex=\"target remote {place}\" {image}\n(where {image} has no symbols, take the file that 'morgana query symbols' names)\n"
        );
        int descriptor;
        do
        {
            descriptor = LinuxSockets.Accept(listener, null, null);
        } while (descriptor < 0 && LinuxError.Last == LinuxError.Interrupted);
        if (descriptor < 0)
        {
            throw new TenderException($"--gdb: no debugger connected: {LinuxError.LastText}");
        }

        _ = LinuxCalls.Close(listener);
        DebugLink link = new(descriptor);
        link.Prepare();
        return link;
    }

    /// <summary>Lets the signal through while KVM runs the guest, and only then.</summary>
    /// <exception cref="TenderException">KVM refuses.</exception>
    public void Interrupts(KvmMachine machine)
    {
        ulong* blocked = stackalloc ulong[LinuxSignals.SetWords];
        fixed (ulong* set = signals)
        {
            _ = LinuxSignals.ChangeMask(LinuxSignals.Block, set, null);
            _ = LinuxSignals.ChangeMask(LinuxSignals.Block, null, blocked);
        }

        // struct kvm_signal_mask: the set's length in bytes, and the set at once after it.
        byte* mask = stackalloc byte[12];
        *(uint*)mask = 8;
        *(ulong*)(mask + 4) = blocked[0] & ~signals[0];
        _ = machine.Control(KvmRequest.SetSignalMask, mask, "let signals stop guests");
    }

    /// <summary>The system calls that the connection needs, each with its reason.</summary>
    public IEnumerable<SeccompRule> Rules()
    {
        ArgumentCheck own = ArgumentCheck.Is(0, (ulong)Descriptor);
        yield return new(
            SystemCall.Receive,
            [own, ArgumentCheck.AtMost(3, LinuxSockets.DoNotWait)],
            "--gdb: what the debugger says"
        );
        yield return new(
            SystemCall.Send,
            [own, ArgumentCheck.Is(3, LinuxSockets.NoSignal), ArgumentCheck.Is(4, 0)],
            "--gdb: answers to the debugger, on its connection only: no address is given"
        );
        yield return new(SystemCall.Close, [own], "--gdb: the debugger is gone, the guest goes on");
        yield return new(
            SystemCall.SignalTake,
            [],
            "--gdb: the signal that says that the debugger has said something"
        );
    }

    /// <summary>Waits for bytes.</summary>
    /// <returns>How many; 0 when the debugger is gone.</returns>
    public int Wait(Span<byte> buffer)
    {
        while (isOpen)
        {
            int count = Receive(buffer, 0);
            if (count >= 0)
            {
                return count;
            }
        }

        return 0;
    }

    /// <summary>Takes bytes that are there.</summary>
    /// <returns>How many; 0 when the debugger is gone; -1 when there are none.</returns>
    public int TryTake(Span<byte> buffer)
    {
        // What is pending stands for bytes that are read now. More may follow, and raise it again.
        TakeSignal();
        return isOpen ? Receive(buffer, LinuxSockets.DoNotWait) : 0;
    }

    /// <summary>Sends bytes. A debugger that is gone does not get them.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (isOpen && !bytes.IsEmpty)
        {
            fixed (byte* at = bytes)
            {
                nint count = LinuxSockets.Send(
                    Descriptor,
                    at,
                    (nuint)bytes.Length,
                    LinuxSockets.NoSignal
                );
                if (count > 0)
                {
                    bytes = bytes[(int)count..];
                }
                else if (LinuxError.Last != LinuxError.Interrupted)
                {
                    return;
                }
            }
        }
    }

    /// <summary>
    /// Closes the connection once the debugger has: closing first, with bytes still unread, could take back what was sent last.
    /// </summary>
    public void CloseAfterPeer()
    {
        byte* rest = stackalloc byte[256];
        while (isOpen && LinuxSockets.Receive(Descriptor, rest, 256, 0) > 0)
        {
            // Acknowledgements and the like.
        }

        Close();
    }

    /// <summary>Closes the connection.</summary>
    public void Close()
    {
        if (isOpen)
        {
            isOpen = false;
            _ = LinuxCalls.Close(Descriptor);

            // Nobody would take the signal of the last bytes: KVM would stop for it for ever.
            TakeSignal();
        }
    }

    private void TakeSignal()
    {
        LinuxTime now = default;
        fixed (ulong* set = signals)
        {
            _ = LinuxSignals.Take(set, null, &now);
        }
    }

    private void Prepare()
    {
        int on = 1;
        _ = LinuxSockets.SetOption(
            Descriptor,
            LinuxSockets.TcpLevel,
            LinuxSockets.NoDelay,
            &on,
            sizeof(int)
        );

        // struct timeval
        long* limit = stackalloc long[2] { LastSeconds, 0 };
        _ = LinuxSockets.SetOption(
            Descriptor,
            LinuxSockets.SocketLevel,
            LinuxSockets.ReceiveTimeout,
            limit,
            16
        );

        // struct f_owner_ex: this thread, which is the one that runs the guest.
        int* owner = stackalloc int[2] { LinuxSignals.OwnerIsThread, LinuxSignals.CurrentThread() };
        long flags = LinuxCalls.Control(Descriptor, LinuxCalls.GetStatusFlags, 0);
        if (
            LinuxCalls.Control(Descriptor, LinuxSignals.SetOwner, (long)owner) < 0
            || LinuxCalls.Control(
                Descriptor,
                LinuxCalls.SetStatusFlags,
                flags | LinuxSignals.Asynchronous
            ) < 0
        )
        {
            throw new TenderException(
                $"--gdb: the debugger could not interrupt the guest: {LinuxError.LastText}"
            );
        }
    }

    /// <summary>One try.</summary>
    /// <returns>How many bytes; 0 when the debugger is gone; -1 when none came.</returns>
    private int Receive(Span<byte> buffer, int flags)
    {
        fixed (byte* at = buffer)
        {
            nint count = LinuxSockets.Receive(Descriptor, at, (nuint)buffer.Length, flags);
            return count >= 0 ? (int)count
                : LinuxError.Last is LinuxError.Interrupted or LinuxError.TryAgain ? -1
                : 0;
        }
    }
}
