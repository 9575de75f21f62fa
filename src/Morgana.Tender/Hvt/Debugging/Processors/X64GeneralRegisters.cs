using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The general registers of x86-64, in a debugger's order: those of <see cref="X64Registers"/> with rbp before rsp.
/// </summary>
internal static class X64GeneralRegisters
{
    private const int Rsp = 6;
    private const int Rbp = 7;
    private const int Rip = 16;
    private const int Rflags = 17;

    /// <summary>Writes them at the front of all registers' values.</summary>
    public static void Write(X64Registers registers, Span<byte> values)
    {
        ReadOnlySpan<ulong> all = MemoryMarshal.Cast<X64Registers, ulong>(
            MemoryMarshal.CreateReadOnlySpan(ref registers, 1)
        );
        for (int i = 0; i <= Rip; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(values[(8 * i)..], all[Place(i)]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(values[(8 * Rflags)..], (uint)all[Rflags]);
    }

    /// <summary>Reads them.</summary>
    public static X64Registers Read(ReadOnlySpan<byte> values)
    {
        X64Registers registers = default;
        Span<ulong> all = MemoryMarshal.Cast<X64Registers, ulong>(
            MemoryMarshal.CreateSpan(ref registers, 1)
        );
        for (int i = 0; i <= Rip; i++)
        {
            all[Place(i)] = BinaryPrimitives.ReadUInt64LittleEndian(values[(8 * i)..]);
        }

        all[Rflags] = BinaryPrimitives.ReadUInt32LittleEndian(values[(8 * Rflags)..]);
        return registers;
    }

    private static int Place(int number) =>
        number switch
        {
            Rsp => Rbp,
            Rbp => Rsp,
            _ => number,
        };
}
