using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The cookie of a guest that ends by a trap (<c>native/include/morgana_trap.h</c>): the registers at the trap. What solo5-hvt's bindings
/// leave there is the front part of it, on x86-64 only.
/// </summary>
internal static class TrapFrame
{
    private const uint Magic = 0x5041_524d;
    private const int MagicAt = 56;
    private const int VectorAt = 60;
    private const int GeneralAt = 64;

    private static readonly (string Name, int At)[] X64Front = [("rip", 16), ("rsp", 40)];

    private static readonly string[] X64General =
    [
        "rax",
        "rbx",
        "rcx",
        "rdx",
        "rsi",
        "rdi",
        "rbp",
        "r8",
        "r9",
        "r10",
        "r11",
        "r12",
        "r13",
        "r14",
        "r15",
    ];

    /// <summary>Puts the registers at the trap in place of those at the halt.</summary>
    /// <param name="cookie">What the guest left, <see cref="HvtAbi.CookieSize"/> bytes.</param>
    /// <param name="machine">The architecture.</param>
    /// <param name="set">The registers' places.</param>
    /// <param name="values">The registers as they were at the halt.</param>
    /// <returns>What a process would have ended by.</returns>
    public static DebugSignal Apply(
        ReadOnlySpan<byte> cookie,
        ElfMachine machine,
        RegisterSet set,
        Span<byte> values
    )
    {
        bool isWhole = BinaryPrimitives.ReadUInt32LittleEndian(cookie[MagicAt..]) == Magic;
        uint vector = BinaryPrimitives.ReadUInt32LittleEndian(cookie[VectorAt..]);
        return machine == ElfMachine.Arm64
            ? ApplyArm64(cookie, isWhole, set, values)
            : ApplyX64(cookie, isWhole ? vector : null, set, values);
    }

    private static DebugSignal ApplyX64(
        ReadOnlySpan<byte> cookie,
        uint? vector,
        RegisterSet set,
        Span<byte> values
    )
    {
        foreach ((string name, int at) in X64Front)
        {
            cookie.Slice(at, 8).CopyTo(values[set.OffsetOf(name)..]);
        }

        // A debugger's have 32 bits: code segment, flags, stack segment.
        cookie.Slice(24, 4).CopyTo(values[set.OffsetOf("cs")..]);
        cookie.Slice(32, 4).CopyTo(values[set.OffsetOf("eflags")..]);
        cookie.Slice(48, 4).CopyTo(values[set.OffsetOf("ss")..]);
        if (vector is not null)
        {
            for (int i = 0; i < X64General.Length; i++)
            {
                cookie.Slice(GeneralAt + 8 * i, 8).CopyTo(values[set.OffsetOf(X64General[i])..]);
            }
        }

        return vector switch
        {
            0 or 16 or 19 => DebugSignal.ArithmeticError,
            1 or 3 => DebugSignal.Trap,
            6 => DebugSignal.IllegalInstruction,
            _ => DebugSignal.SegmentationFault,
        };
    }

    private static DebugSignal ApplyArm64(
        ReadOnlySpan<byte> cookie,
        bool isWhole,
        RegisterSet set,
        Span<byte> values
    )
    {
        if (!isWhole)
        {
            return DebugSignal.Abort;
        }

        cookie.Slice(GeneralAt, 8 * Arm64RegisterSet.Generals).CopyTo(values[set.OffsetOf("x0")..]);
        cookie.Slice(16, 8).CopyTo(values[set.OffsetOf("pc")..]);
        cookie.Slice(32, 4).CopyTo(values[set.OffsetOf("cpsr")..]);
        cookie.Slice(40, 8).CopyTo(values[set.OffsetOf("sp")..]);

        // The exception class (Arm ARM, ESR_ELx.EC).
        return (BinaryPrimitives.ReadUInt64LittleEndian(cookie[8..]) >> 26 & 63) switch
        {
            0x00 or 0x0e => DebugSignal.IllegalInstruction,
            0x2c => DebugSignal.ArithmeticError,
            0x30 or 0x31 or 0x32 or 0x33 or 0x3c => DebugSignal.Trap,
            _ => DebugSignal.SegmentationFault,
        };
    }
}
