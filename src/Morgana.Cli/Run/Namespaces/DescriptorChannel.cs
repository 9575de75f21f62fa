using System.Runtime.InteropServices;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// One end of a Unix socket pair that carries whole messages, each with at most one descriptor (SCM_RIGHTS).
/// </summary>
internal sealed unsafe class DescriptorChannel(int descriptor) : IDisposable
{
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC
    private static readonly nuint MessageLength = 20; // CMSG_LEN(sizeof(int))

    /// <summary>This end's descriptor.</summary>
    public int Descriptor => descriptor;

    /// <summary>Makes a pair; neither end is inherited by children unless told so.</summary>
    public static (DescriptorChannel Outside, DescriptorChannel Inside) CreatePair()
    {
        int* pair = stackalloc int[2];
        if (
            Syscalls.SocketPair(
                Syscalls.FamilyUnix,
                Syscalls.TypeSequencedPacket | Syscalls.TypeCloseOnExec,
                0,
                pair
            ) < 0
        )
        {
            throw new RunException(
                $"A socket pair cannot be made: {Syscalls.ErrorText(Marshal.GetLastPInvokeError())}."
            );
        }

        return (new DescriptorChannel(pair[0]), new DescriptorChannel(pair[1]));
    }

    /// <summary>Sends a message, with <paramref name="attached"/> when it is not negative. False when the other end is gone.</summary>
    public bool TrySend(ReadOnlySpan<byte> message, int attached = -1)
    {
        Syscalls.DescriptorMessage control = new()
        {
            Length = MessageLength,
            Level = SocketLevel,
            Type = Rights,
            Descriptor = attached,
        };
        fixed (byte* data = message)
        {
            Syscalls.Vector vector = new() { Base = data, Length = (nuint)message.Length };
            Syscalls.MessageHeader header = new() { Vectors = &vector, VectorCount = 1 };
            if (attached >= 0)
            {
                header.Control = &control;
                header.ControlLength = (nuint)sizeof(Syscalls.DescriptorMessage);
            }

            return Syscalls.SendMessage(descriptor, &header, NoSignal) == message.Length;
        }
    }

    /// <summary>
    /// Waits for a message. Its length, or 0 when the other end is gone; <paramref name="attached"/> is its
    /// descriptor or -1.
    /// </summary>
    public int Receive(Span<byte> message, out int attached)
    {
        Syscalls.DescriptorMessage control = default;
        attached = -1;
        fixed (byte* data = message)
        {
            const int interrupted = 4;
            while (true)
            {
                Syscalls.Vector vector = new() { Base = data, Length = (nuint)message.Length };
                Syscalls.MessageHeader header = new()
                {
                    Vectors = &vector,
                    VectorCount = 1,
                    Control = &control,
                    ControlLength = (nuint)sizeof(Syscalls.DescriptorMessage),
                };
                nint length = Syscalls.ReceiveMessage(descriptor, &header, CloseOnExec);
                if (length < 0 && Marshal.GetLastPInvokeError() == interrupted)
                {
                    continue;
                }

                if (
                    length > 0
                    && header.ControlLength >= MessageLength
                    && control.Level == SocketLevel
                    && control.Type == Rights
                )
                {
                    attached = control.Descriptor;
                }

                return length <= 0 ? 0 : (int)length;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Syscalls.Close(descriptor);
}
