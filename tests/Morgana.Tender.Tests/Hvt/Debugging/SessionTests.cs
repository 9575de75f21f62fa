using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Morgana.Tender.Hvt.Debugging;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>What a debugger says and hears. No KVM and no connection is needed.</summary>
public sealed class SessionTests : IDisposable
{
    private const ulong Unmapped = 0x3000;
    private readonly GuardedMemory memory = new();
    private readonly FakeProcessor processor = new(X64RegisterSet.Create(hasAvx: true), Unmapped);
    private readonly DebugTarget target;
    private readonly DebugSession session;

    public SessionTests()
    {
        target = new DebugTarget(memory.Memory, processor);
        session = new DebugSession(target);
        for (int i = 0; i < GuardedMemory.Size; i++)
        {
            memory.Memory.Host(0, GuardedMemory.Size)[i] = (byte)(i * 7);
        }
    }

    public void Dispose()
    {
        Assert.True(memory.IsIntact);
        memory.Dispose();
    }

    [Fact]
    public void A_debugger_that_connects_learns_what_there_is()
    {
        Assert.StartsWith(
            "PacketSize=4000;",
            Ask("qSupported:multiprocess+;swbreak+;hwbreak+;xmlRegisters=i386"),
            StringComparison.Ordinal
        );
        Assert.Equal("T05thread:1;", Ask("?"));
        Assert.Equal("1", Ask("qAttached"));
        Assert.Equal("QC1", Ask("qC"));
        Assert.Equal("m1", Ask("qfThreadInfo"));
        Assert.Equal("l", Ask("qsThreadInfo"));
        Assert.Equal("vCont;c;C;s;S;r", Ask("vCont?"));
        Assert.Equal("OK", Ask("Hg0"));
        Assert.Equal("", Ask("vMustReplyEmpty"));
        Assert.Equal("", Ask("qTStatus"));
        Assert.Equal("", Ask("Z3,100,4")); // watching reads alone is no processor's
    }

    [Fact]
    public void The_description_of_the_registers_comes_in_parts()
    {
        StringBuilder whole = new();
        string part;
        do
        {
            part = Ask($"qXfer:features:read:target.xml:{whole.Length:x},200");
            whole.Append(part.AsSpan(1));
        } while (part[0] == 'm');
        Assert.Equal('l', part[0]);
        Assert.Equal(Encoding.UTF8.GetString(processor.Registers.Description), whole.ToString());
        Assert.Equal("E00", Ask("qXfer:features:read:other.xml:0,200"));
        Assert.Equal("E01", Ask("qXfer:features:read:target.xml:ffffffffffff,200"));
    }

    [Fact]
    public void Registers_are_read_and_written_all_and_singly()
    {
        for (int i = 0; i < processor.Values.Length; i++)
        {
            processor.Values[i] = (byte)i;
        }

        string all = Convert.ToHexStringLower(processor.Values);
        Assert.Equal(all, Ask("g"));
        Assert.Equal("OK", Ask("G" + all));
        Assert.Equal("E01", Ask("G" + all[2..]));
        Assert.Equal("8081828384858687", Ask("p10")); // rip
        Assert.Equal("OK", Ask("P10=1122334455667788"));
        Assert.Equal(0x8877665544332211, processor.ProgramCounter);
        Assert.Equal("E01", Ask("P10=112233445566778"));
        Assert.Equal("E01", Ask("pffff"));
        Assert.Equal("E01", Ask("p"));
        processor.RefusesWrites = true;
        Assert.Equal("E01", Ask("P10=1122334455667788"));
    }

    [Fact]
    public void Memory_is_read_and_written()
    {
        Assert.Equal("0007", Ask("m0,2"));
        Assert.Equal("OK", Ask("M1000,3:aabbcc"));
        Assert.Equal("aabbcc", Ask("m1000,3"));
        Assert.Equal("OK", Ask("X1000,2:\u0001#"));
        Assert.Equal("0123cc", Ask("m1000,3"));
        Assert.Equal("OK", Ask("X1000,0:")); // how gdb asks whether X is known
    }

    [Theory]
    [InlineData("m10000,1")]
    [InlineData("mffff,2")]
    [InlineData("mffffffffffffffff,2")]
    [InlineData("m3000,1")] // nothing is mapped there
    [InlineData("m2fff,2")]
    [InlineData("M2ffe,4:01020304")]
    [InlineData("M1000,2:010203")]
    [InlineData("M1000,ffffffffffffffff:01")]
    [InlineData("X10000,1:a")]
    [InlineData("m")]
    [InlineData("m1")]
    [InlineData("m1,")]
    [InlineData("m1,1,1")]
    [InlineData("m10000000000000000,1")]
    public void Memory_that_is_not_there_is_an_error_and_nothing_is_written(string request)
    {
        byte[] before = memory.Memory.Host(0, GuardedMemory.Size).ToArray();
        Assert.StartsWith("E", Ask(request), StringComparison.Ordinal);
        Assert.True(memory.Memory.Host(0, GuardedMemory.Size).SequenceEqual(before));
    }

    [Fact]
    public void A_breakpoint_is_in_memory_and_not_in_what_a_debugger_reads()
    {
        string before = Ask("m1ffe,8");
        Assert.Equal("OK", Ask("Z0,2000,4"));
        Assert.Equal("OK", Ask("Z0,2000,4"));
        Assert.Equal(processor.BreakpointInstruction, memory.Memory.Host(0x2000, 4));
        Assert.Equal(before, Ask("m1ffe,8"));
        Assert.Equal(before[4..6], Ask("m2000,1"));

        // What is written over it counts once the breakpoint is gone.
        Assert.Equal("OK", Ask("M1fff,3:010203"));
        Assert.Equal(processor.BreakpointInstruction, memory.Memory.Host(0x2000, 4));
        Assert.Equal("010203", Ask("m1fff,3"));
        Assert.Equal("OK", Ask("z0,2000,4"));
        Assert.Equal([1, 2, 3], memory.Memory.Host(0x1fff, 3).ToArray());
        Assert.Equal("OK", Ask("z0,2000,4"));
        Assert.Equal("E01", Ask("Z0,3000,4"));
        Assert.Equal("E01", Ask("Z0,fffe,4"));
    }

    [Fact]
    public void A_breakpoint_over_the_end_of_a_page_is_put_and_taken_whole()
    {
        byte[] before = memory.Memory.Host(0xffe, 4).ToArray();
        Assert.Equal("OK", Ask("Z0,ffe,4"));
        Assert.Equal(processor.BreakpointInstruction, memory.Memory.Host(0xffe, 4));
        Assert.Equal("E01", Ask("Z0,1000,4")); // overlaps
        Assert.Equal("OK", Ask("D"));
        Assert.Equal(before, memory.Memory.Host(0xffe, 4));
        Assert.Equal(SessionState.Detached, session.State);
    }

    [Fact]
    public void The_processors_own_breakpoints_are_as_many_as_it_has()
    {
        Assert.Equal("OK", Ask("Z1,2000,1"));
        Assert.Equal("OK", Ask("Z1,2000,1"));
        Assert.Equal("OK", Ask("Z1,2004,1"));
        Assert.Equal("E01", Ask("Z1,2008,1"));
        Assert.Equal("OK", Ask("z1,2000,1"));
        Assert.Equal("OK", Ask("Z1,2008,1"));
        Assert.Equal("OK", Ask("Z2,100,8"));
        Assert.Equal("E01", Ask("Z4,108,8"));
        Assert.Equal("OK", Ask("z2,100,8"));
        Assert.Equal("E01", Ask("Z4,108,3"));
        Assert.Equal("OK", Ask("Z4,108,8"));
        Assert.Equal(3, target.Hardware.Count);
    }

    [Fact]
    public void A_guest_that_goes_on_is_answered_for_when_it_stops()
    {
        Ask("qSupported:swbreak+");
        Assert.Equal("", Ask("vCont;c:1", SessionState.Running));
        Assert.False(session.Order.Steps);
        Assert.Equal("", Ask("c", SessionState.Running)); // it runs already
        Assert.Equal("0007", Ask("m0,2", SessionState.Running));
        session.ReportStop(new StopReport(DebugSignal.Trap, StopCause.SoftwareBreakpoint));
        Assert.Equal("T05thread:1;swbreak:;", Take());
        Assert.Equal(SessionState.Stopped, session.State);
        Assert.Equal("", Ask("s", SessionState.Running));
        Assert.True(session.Order.Steps);
        session.ReportStop(new StopReport(DebugSignal.Trap, StopCause.WatchedWrite, 0x108));
        Assert.Equal("T05thread:1;watch:108;", Take());
        Assert.Equal("T05thread:1;watch:108;", Ask("?"));
        Assert.Equal("", Ask("vCont;r1000,1010:1;c", SessionState.Running));
        Assert.True(session.Order.Continues(0x100f));
        Assert.False(session.Order.Continues(0x1010));
        session.ReportExit(42);
        Assert.Equal("W2a", Take());
    }

    [Fact]
    public void A_guest_goes_on_at_another_address()
    {
        Assert.Equal("", Ask("c1234", SessionState.Running));
        Assert.Equal(0x1234UL, processor.ProgramCounter);
        session.ReportStop(new StopReport(DebugSignal.SegmentationFault));
        Assert.Equal("T0bthread:1;", Take());
        Assert.Equal("", Ask("S05;5678", SessionState.Running));
        Assert.Equal(0x5678UL, processor.ProgramCounter);
    }

    [Theory]
    [InlineData("vCont;")]
    [InlineData("vCont;t")]
    [InlineData("vCont;r1:1")]
    [InlineData("vCont;C")]
    [InlineData("cxyz")]
    [InlineData("C")]
    [InlineData("S5;")]
    public void An_order_that_means_nothing_leaves_the_guest_where_it_is(string request) =>
        Assert.Equal("E01", Ask(request));

    [Fact]
    public void Ctrl_C_counts_while_the_guest_runs()
    {
        session.Receive([3]);
        Assert.False(session.WantsInterrupt);
        byte[] bytes = [.. Packet("c"), 3];
        session.Receive(bytes);
        Assert.Equal(SessionState.Running, session.State);
        Assert.True(session.WantsInterrupt);
        session.ReportStop(new StopReport(DebugSignal.Interrupt));
        Assert.False(session.WantsInterrupt);
    }

    [Fact]
    public void Packets_are_acknowledged_until_the_debugger_wants_no_more_of_that()
    {
        session.Receive(Packet("qC"));
        Assert.Equal("+$QC1#c5", Text());
        session.Receive("-"u8);
        Assert.Equal("$QC1#c5", Text());
        session.Receive("$qC#00"u8);
        Assert.Equal("-", Text());
        session.Receive(Packet("QStartNoAckMode"));
        Assert.Equal("+$OK#9a", Text());
        session.Receive(Packet("qC"));
        Assert.Equal("$QC1#c5", Text());
    }

    [Fact]
    public void A_guest_that_trapped_shows_the_registers_at_the_trap_and_keeps_them()
    {
        byte[] trap = new byte[processor.Registers.Size];
        trap[0] = 0x99;
        target.ShowTrap(trap);
        Assert.StartsWith("99", Ask("g"), StringComparison.Ordinal);
        Assert.Equal("E01", Ask("P0=0000000000000000"));
    }

    [Fact]
    public void Sections_are_compared_by_their_checksum()
    {
        // CRC-32 with the highest bit first, from all ones, without a final inversion, of "123456789" (CRC-32/MPEG-2).
        "123456789"u8.CopyTo(memory.Memory.Host(0x100, 9));
        Assert.Equal("C376e6e7", Ask("qCRC:100,9"));
        Assert.Equal("E14", Ask("qCRC:ff00,200"));
    }

    [Fact]
    public void A_hundred_thousand_mutated_packets_do_no_harm()
    {
        string[] seeds =
        [
            "?",
            "g",
            "G00",
            "p10",
            "P10=0000000000000000",
            "m1000,20",
            "M1000,4:01020304",
            "X1000,4:abcd",
            "Z0,2000,1",
            "z0,2000,1",
            "Z1,2000,1",
            "Z2,2000,8",
            "c",
            "s",
            "C05",
            "vCont;c",
            "vCont;r1000,1010:1;c",
            "vCont?",
            "qSupported:swbreak+",
            "qXfer:features:read:target.xml:0,fff",
            "qCRC:0,40",
            "qC",
            "T1",
            "Hg1",
            "mffffffffffffffff,ffffffffffffffff",
            "Mfffe,4:01020304",
        ];
        Random random = new(42);
        DebugSession fuzzed = new(target);
        for (int i = 0; i < 100_000; i++)
        {
            List<byte> bytes = [.. Packet(seeds[random.Next(seeds.Length)])];
            for (int k = random.Next(4); k > 0 && bytes.Count > 0; k--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveAt(at);
                        break;
                    case 2:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    default:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                }
            }

            if (random.Next(2) == 0)
            {
                // With a right checksum the damage gets past the reader.
                bytes = [.. Packet(Encoding.Latin1.GetString([.. bytes]).Trim('$').Split('#')[0])];
            }

            fuzzed.Receive(bytes.ToArray());
            fuzzed.ClearOutput();
            switch (fuzzed.State)
            {
                case SessionState.Running:
                    fuzzed.ReportStop(new StopReport(DebugSignal.Trap));
                    break;
                case SessionState.Stopped:
                    break;
                default:
                    fuzzed = new DebugSession(target);
                    break;
            }
        }

        Assert.True(memory.IsIntact);
        session.Receive("$"u8); // ends whatever was left open
        Assert.Equal("QC1", Ask("qC"));
    }

    private string Ask(string request, SessionState? after = null)
    {
        session.Receive(Packet(request));
        if (after is not null)
        {
            Assert.Equal(after, session.State);
        }

        return Take();
    }

    /// <summary>The payload of the only packet that is to be sent; nothing when there is none.</summary>
    private string Take()
    {
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(Text());
        PacketReader reader = new(1 << 16, expandsRuns: true);
        string answer = "";
        int packets = 0;
        while (reader.Read(ref bytes) is not Received.Nothing and Received received)
        {
            Assert.NotEqual(Received.Damaged, received);
            if (received == Received.Packet)
            {
                answer = Encoding.Latin1.GetString(reader.Payload);
                packets++;
            }
        }

        Assert.InRange(packets, 0, 1);
        return answer;
    }

    private string Text()
    {
        string text = Encoding.Latin1.GetString(session.Output);
        session.ClearOutput();
        return text;
    }

    private static byte[] Packet(string payload)
    {
        ArrayBufferWriter<byte> writer = new();
        PacketWriter.Write(writer, Encoding.Latin1.GetBytes(payload), writesRuns: false);
        return writer.WrittenSpan.ToArray();
    }
}
