using System.Buffers.Binary;
using Morgana.Tender.Hvt.Debugging;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>A processor without KVM: registers in an array, pages that are mapped one to one but for some.</summary>
internal sealed class FakeProcessor(RegisterSet registers, params ulong[] unmapped)
    : IDebugProcessor
{
    private readonly byte[] values = new byte[registers.Size];

    public RegisterSet Registers => registers;

    public bool RefusesWrites { get; set; }

    public ReadOnlySpan<byte> BreakpointInstruction => [0xb1, 0xb2, 0xb3, 0xb4];

    public int HardwareBreakpoints => 2;

    public int HardwareWatchpoints => 1;

    public bool SharesStops => false;

    public IReadOnlyList<(nuint Request, string Reason)> Requests => [];

    public ulong ProgramCounter =>
        BinaryPrimitives.ReadUInt64LittleEndian(values.AsSpan(registers.ProgramCounter));

    public Span<byte> Values => values;

    public void ReadRegisters(Span<byte> to) => values.CopyTo(to);

    public bool TryWriteRegisters(ReadOnlySpan<byte> from)
    {
        if (!RefusesWrites)
        {
            from.CopyTo(values);
        }

        return !RefusesWrites;
    }

    public void Arm(bool steps, IReadOnlyList<HardwareStop> stops) { }

    public void Disarm() { }

    public DebugStop? ReadStop(DebugTarget target) => null;

    public ulong? Translate(ulong address) => unmapped.Contains(address & ~4095UL) ? null : address;

    public bool CanWatch(ulong address, ulong length) => length is 1 or 2 or 4 or 8;
}
