using System.Buffers;
using System.Buffers.Binary;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// A debugger's session with a guest, without any I/O: bytes come in, bytes go out, and <see cref="State"/> says what is to be
/// done with the guest. The protocol is gdb's remote serial protocol, all-stop, with one thread.
/// </summary>
internal sealed class DebugSession
{
    /// <summary>Most bytes of a packet's payload, as the debugger is told.</summary>
    public const int LargestPacket = 0x4000;

    // What answers carry beside the bytes of memory themselves.
    private const int MostMemory = LargestPacket / 2 - 16;

    private const string Supported =
        "QStartNoAckMode+;qXfer:features:read+;swbreak+;hwbreak+;vContSupported+";

    private readonly DebugTarget target;
    private readonly PacketReader reader = new(LargestPacket);
    private readonly ArrayBufferWriter<byte> answer = new(LargestPacket);
    private readonly ArrayBufferWriter<byte> output = new(2 * LargestPacket);
    private readonly byte[] registers;
    private byte[] lastPacket = [];
    private StopReport lastStop = new(DebugSignal.Trap);
    private bool acknowledges = true;
    private bool tellsCauses;

    /// <summary>Begins, with the guest stopped before its next instruction.</summary>
    public DebugSession(DebugTarget target)
    {
        this.target = target;
        registers = new byte[target.Registers.Size];
    }

    /// <summary>What is to be done with the guest.</summary>
    public SessionState State { get; private set; } = SessionState.Stopped;

    /// <summary>How the guest goes on, when it does.</summary>
    public ResumeOrder Order { get; private set; }

    /// <summary>Whether the user pressed Ctrl-C since the guest went on.</summary>
    public bool WantsInterrupt { get; private set; }

    /// <summary>What is to be sent.</summary>
    public ReadOnlySpan<byte> Output => output.WrittenSpan;

    /// <summary>Forgets what was sent.</summary>
    public void ClearOutput() => output.ResetWrittenCount();

    /// <summary>Takes bytes from the debugger.</summary>
    public void Receive(ReadOnlySpan<byte> input)
    {
        while (
            State is SessionState.Stopped or SessionState.Running or SessionState.Exited
            && reader.Read(ref input) is not Received.Nothing and Received received
        )
        {
            switch (received)
            {
                case Received.Interrupt:
                    WantsInterrupt |= State == SessionState.Running;
                    break;
                case Received.Refused:
                    output.Write(lastPacket);
                    break;
                case Received.Damaged when acknowledges:
                    output.Write("-"u8);
                    break;
                case Received.Packet or Received.TooLong:
                    if (acknowledges)
                    {
                        output.Write("+"u8);
                    }

                    Answer(received == Received.Packet ? reader.Payload : []);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Tells the debugger that the guest stopped.</summary>
    public void ReportStop(StopReport stop)
    {
        lastStop = stop;
        State = SessionState.Stopped;
        WantsInterrupt = false;
        answer.ResetWrittenCount();
        WriteStop();
        Send();
    }

    /// <summary>Tells the debugger that the guest ended.</summary>
    /// <param name="status">Its exit status; its lowest 8 bits are told.</param>
    public void ReportExit(int status)
    {
        State = SessionState.Exited;
        answer.ResetWrittenCount();
        Text("W");
        HexText.Write(answer, [(byte)status]);
        Send();
    }

    /// <summary>The debugger is gone.</summary>
    public void Abandon()
    {
        target.RemoveAll();
        State = SessionState.Detached;
    }

    private void Answer(ReadOnlySpan<byte> request)
    {
        answer.ResetWrittenCount();
        if (request.IsEmpty)
        {
            Send();
            return;
        }

        if (Dispatch((char)request[0], request[1..]))
        {
            Send();
        }
    }

    /// <summary>Does what a request says.</summary>
    /// <returns>Whether the answer is to be sent now: what lets the guest run has none until it stops.</returns>
    private bool Dispatch(char command, ReadOnlySpan<byte> text)
    {
        switch (command)
        {
            case '?':
                WriteStop();
                return true;
            case 'g':
                target.ReadRegisters(registers);
                HexText.Write(answer, registers);
                return true;
            case 'G':
                return Done(
                    HexText.TryRead(text, registers) && target.TryWriteRegisters(registers)
                );
            case 'p':
                ReadRegister(text);
                return true;
            case 'P':
                return Done(TryWriteRegister(text));
            case 'm':
                ReadMemory(text);
                return true;
            case 'M':
                return Done(TryWriteMemory(text, isBinary: false));
            case 'X':
                return Done(TryWriteMemory(text, isBinary: true));
            case 'Z':
                return Insert(text);
            case 'z':
                return RemoveStop(text);
            case 'c':
            case 's':
                return !TryResume(text, command == 's', hasSignal: false) && Done(false);
            case 'C':
            case 'S':
                return !TryResume(text, command == 'S', hasSignal: true) && Done(false);
            case 'H':
            case 'T':
                return Done(true);
            case 'D':
                target.RemoveAll();
                State = SessionState.Detached;
                return Done(true);
            case 'k':
                State = SessionState.Killed;
                return false;
            case 'v':
                return Verb(text);
            case 'q':
                Query(text);
                return true;
            case 'Q':
                if (text.SequenceEqual("StartNoAckMode"u8))
                {
                    Text("OK");
                    Send();
                    acknowledges = false;
                    return false;
                }

                return true;
            default:
                // The empty answer: not supported.
                return true;
        }
    }

    private void Query(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("Supported"u8))
        {
            tellsCauses = text.IndexOf("swbreak+"u8) >= 0;
            Text("PacketSize=");
            HexText.WriteNumber(answer, LargestPacket);
            Text(";");
            Text(Supported);
        }
        else if (text.StartsWith("Xfer:features:read:target.xml:"u8))
        {
            Transfer(text["Xfer:features:read:target.xml:".Length..], target.Registers.Description);
        }
        else if (text.StartsWith("Xfer:features:read:"u8))
        {
            Text("E00");
        }
        else if (text.SequenceEqual("Attached"u8) || text.StartsWith("Attached:"u8))
        {
            // A debugger that is closed leaves the guest running.
            Text("1");
        }
        else if (text.SequenceEqual("C"u8))
        {
            Text("QC1");
        }
        else if (text.SequenceEqual("fThreadInfo"u8))
        {
            Text("m1");
        }
        else if (text.SequenceEqual("sThreadInfo"u8))
        {
            Text("l");
        }
        else if (text.StartsWith("CRC:"u8))
        {
            Checksum(text["CRC:".Length..]);
        }
        else if (text.SequenceEqual("Symbol::"u8))
        {
            Text("OK");
        }
    }

    /// <summary>Answers with a part of an object: "OFFSET,LENGTH".</summary>
    private void Transfer(ReadOnlySpan<byte> range, ReadOnlySpan<byte> whole)
    {
        if (
            !HexText.TryTakeRange(ref range, out ulong offset, out ulong length)
            || !range.IsEmpty
            || offset > (ulong)whole.Length
        )
        {
            Text("E01");
            return;
        }

        ReadOnlySpan<byte> rest = whole[(int)offset..];
        int count = (int)Math.Min(Math.Min(length, MostMemory), (ulong)rest.Length);
        Text(count == rest.Length ? "l" : "m");
        answer.Write(rest[..count]);
    }

    /// <summary>Answers with the CRC-32 of memory (polynomial 0x04c11db7, highest bit first, from all ones): "compare-sections".</summary>
    private void Checksum(ReadOnlySpan<byte> text)
    {
        if (!HexText.TryTakeRange(ref text, out ulong address, out ulong length) || !text.IsEmpty)
        {
            Text("E01");
            return;
        }

        uint sum = uint.MaxValue;
        byte[] part = new byte[MostMemory];
        while (length > 0)
        {
            Span<byte> bytes = part.AsSpan(0, (int)Math.Min(length, MostMemory));
            if (!target.Memory.TryRead(address, bytes))
            {
                Text("E14");
                return;
            }

            foreach (byte value in bytes)
            {
                sum ^= (uint)value << 24;
                for (int bit = 0; bit < 8; bit++)
                {
                    sum = (sum & 0x8000_0000) != 0 ? sum << 1 ^ 0x04c1_1db7 : sum << 1;
                }
            }

            address += (ulong)bytes.Length;
            length -= (ulong)bytes.Length;
        }

        Text("C");
        HexText.WriteNumber(answer, sum);
    }

    private bool Verb(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("Cont?"u8))
        {
            Text("vCont;c;C;s;S;r");
            return true;
        }

        if (text.StartsWith("Cont;"u8))
        {
            return !TryResumeByActions(text["Cont;".Length..]) && Done(false);
        }

        if (text.StartsWith("Kill"u8))
        {
            State = SessionState.Killed;
            return Done(true);
        }

        return true;
    }

    /// <summary>Reads "ACTION[:THREAD];..." and does the first, since there is one thread.</summary>
    private bool TryResumeByActions(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)':', (byte)';');
        ReadOnlySpan<byte> action = end < 0 ? text : text[..end];
        if (action.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = action[1..];
        switch ((char)action[0])
        {
            case 'c' when rest.IsEmpty:
            case 'C' when HexText.TryTakeNumber(ref rest, out _) && rest.IsEmpty:
                return Resume(new ResumeOrder(false));
            case 's' when rest.IsEmpty:
            case 'S' when HexText.TryTakeNumber(ref rest, out _) && rest.IsEmpty:
                return Resume(new ResumeOrder(true));
            case 'r'
                when HexText.TryTakeRange(ref rest, out ulong start, out ulong rangeEnd)
                    && rest.IsEmpty:
                return Resume(new ResumeOrder(true, start, rangeEnd));
            default:
                return false;
        }
    }

    /// <summary>Reads "[ADDRESS]" or "SIGNAL[;ADDRESS]". The guest gets no signals: it knows none.</summary>
    private bool TryResume(ReadOnlySpan<byte> text, bool steps, bool hasSignal)
    {
        bool hasAddress = hasSignal
            ? !HexText.TryTakeNumber(ref text, out _) || HexText.TryTake(ref text, ';')
            : !text.IsEmpty;
        if (hasAddress)
        {
            if (
                !HexText.TryTakeNumber(ref text, out ulong address)
                || State != SessionState.Stopped
            )
            {
                return false;
            }

            target.ReadRegisters(registers);
            BinaryPrimitives.WriteUInt64LittleEndian(
                registers.AsSpan(target.Registers.ProgramCounter),
                address
            );
            if (!target.TryWriteRegisters(registers))
            {
                return false;
            }
        }

        return text.IsEmpty && Resume(new ResumeOrder(steps));
    }

    private bool Resume(ResumeOrder order)
    {
        if (State == SessionState.Stopped)
        {
            State = SessionState.Running;
            Order = order;
            WantsInterrupt = false;
        }

        return true;
    }

    private void ReadRegister(ReadOnlySpan<byte> text)
    {
        if (!TryTakeRegister(ref text, out (int Offset, int Size) place) || !text.IsEmpty)
        {
            Text("E01");
            return;
        }

        target.ReadRegisters(registers);
        HexText.Write(answer, registers.AsSpan(place.Offset, place.Size));
    }

    private bool TryWriteRegister(ReadOnlySpan<byte> text)
    {
        if (
            !TryTakeRegister(ref text, out (int Offset, int Size) place)
            || !HexText.TryTake(ref text, '=')
        )
        {
            return false;
        }

        target.ReadRegisters(registers);
        return HexText.TryRead(text, registers.AsSpan(place.Offset, place.Size))
            && target.TryWriteRegisters(registers);
    }

    private bool TryTakeRegister(ref ReadOnlySpan<byte> text, out (int Offset, int Size) place)
    {
        place = default;
        if (
            !HexText.TryTakeNumber(ref text, out ulong number)
            || number >= (ulong)target.Registers.Count
        )
        {
            return false;
        }

        place = target.Registers[(int)number];
        return true;
    }

    private void ReadMemory(ReadOnlySpan<byte> text)
    {
        if (!HexText.TryTakeRange(ref text, out ulong address, out ulong length) || !text.IsEmpty)
        {
            Text("E01");
            return;
        }

        // Less may be answered than was asked for.
        byte[] bytes = new byte[(int)Math.Min(length, MostMemory)];
        if (target.Memory.TryRead(address, bytes))
        {
            HexText.Write(answer, bytes);
        }
        else
        {
            Text("E14");
        }
    }

    private bool TryWriteMemory(ReadOnlySpan<byte> text, bool isBinary)
    {
        if (
            !HexText.TryTakeRange(ref text, out ulong address, out ulong length)
            || !HexText.TryTake(ref text, ':')
            || length > LargestPacket
        )
        {
            return false;
        }

        byte[] bytes = new byte[(int)length];
        if (isBinary ? text.Length != bytes.Length : !HexText.TryRead(text, bytes))
        {
            return false;
        }

        if (isBinary)
        {
            text.CopyTo(bytes);
        }

        return target.Memory.TryWrite(address, bytes);
    }

    private bool Insert(ReadOnlySpan<byte> text)
    {
        if (!TryReadStop(ref text, out ulong kind, out ulong address, out ulong length))
        {
            return Done(false);
        }

        // Conditions and commands, which were not offered, may follow after a semicolon.
        return kind switch
        {
            0 => Done(target.Memory.TryInsert(address)),
            1 or 2 or 4 => Done(
                target.TryAdd(new HardwareStop((HardwareStopKind)kind, address, length))
            ),
            _ => true,
        };
    }

    private bool RemoveStop(ReadOnlySpan<byte> text)
    {
        if (!TryReadStop(ref text, out ulong kind, out ulong address, out ulong length))
        {
            return Done(false);
        }

        switch (kind)
        {
            case 0:
                target.Memory.Remove(address);
                return Done(true);
            case 1 or 2 or 4:
                target.Remove(new HardwareStop((HardwareStopKind)kind, address, length));
                return Done(true);
            default:
                return true;
        }
    }

    private static bool TryReadStop(
        ref ReadOnlySpan<byte> text,
        out ulong kind,
        out ulong address,
        out ulong length
    )
    {
        address = 0;
        length = 0;
        return HexText.TryTakeNumber(ref text, out kind)
            && HexText.TryTake(ref text, ',')
            && HexText.TryTakeRange(ref text, out address, out length)
            && (text.IsEmpty || text[0] == (byte)';');
    }

    private void WriteStop()
    {
        Text("T");
        HexText.Write(answer, [(byte)lastStop.Signal]);
        Text("thread:1;");
        switch (lastStop.Cause)
        {
            case StopCause.SoftwareBreakpoint when tellsCauses:
                Text("swbreak:;");
                break;
            case StopCause.HardwareBreakpoint when tellsCauses:
                Text("hwbreak:;");
                break;
            case StopCause.WatchedWrite:
            case StopCause.WatchedAccess:
                Text(lastStop.Cause == StopCause.WatchedWrite ? "watch:" : "awatch:");
                HexText.WriteNumber(answer, lastStop.Address);
                Text(";");
                break;
            default:
                break;
        }
    }

    private bool Done(bool isDone)
    {
        Text(isDone ? "OK" : "E01");
        return true;
    }

    private void Text(string ascii)
    {
        Span<byte> to = answer.GetSpan(ascii.Length);
        for (int i = 0; i < ascii.Length; i++)
        {
            to[i] = (byte)ascii[i];
        }

        answer.Advance(ascii.Length);
    }

    private void Send()
    {
        int start = output.WrittenCount;
        PacketWriter.Write(output, answer.WrittenSpan);
        lastPacket = output.WrittenSpan[start..].ToArray();
    }
}
