using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The notes of a core file, as Linux writes them for a process: general registers (NT_PRSTATUS), floating point registers (NT_FPREGSET)
/// and, where there are wider ones on x86-64, those (NT_X86_XSTATE).
/// </summary>
internal static class CoreNotes
{
    private const uint Status = 1; // NT_PRSTATUS
    private const uint FloatingPoint = 2; // NT_FPREGSET
    private const uint ExtendedState = 0x202; // NT_X86_XSTATE
    private const int SignalAt = 12; // pr_cursig
    private const int ThreadAt = 32; // pr_pid
    private const int RegistersAt = 112; // pr_reg
    private const int AvxStateSize = 832; // legacy part, header, upper halves
    private const int FeaturesAt = 464; // XCR0, in what the legacy part leaves to software

    /// <summary>struct user_regs_struct of x86-64; orig_rax is no register.</summary>
    private static readonly string?[] X64Registers =
    [
        "r15",
        "r14",
        "r13",
        "r12",
        "rbp",
        "rbx",
        "r11",
        "r10",
        "r9",
        "r8",
        "rax",
        "rcx",
        "rdx",
        "rsi",
        "rdi",
        null,
        "rip",
        "cs",
        "eflags",
        "rsp",
        "ss",
        "fs_base",
        "gs_base",
        "ds",
        "es",
        "fs",
        "gs",
    ];

    /// <summary>Makes them.</summary>
    /// <param name="machine">The architecture.</param>
    /// <param name="set">The registers' places.</param>
    /// <param name="values">The registers.</param>
    /// <param name="signal">What the guest ended by.</param>
    public static byte[] Create(
        ElfMachine machine,
        RegisterSet set,
        ReadOnlySpan<byte> values,
        DebugSignal signal
    )
    {
        List<byte> notes = [];
        if (machine == ElfMachine.Arm64)
        {
            Append(notes, "CORE", Status, Arm64Status(set, values, signal));
            Append(notes, "CORE", FloatingPoint, Arm64FloatingPoint(set, values));
            return [.. notes];
        }

        bool hasAvx = set.Has("ymm0h");
        byte[] state = new byte[X64FloatingPoint.Size];
        X64FloatingPoint.Write(state, set, hasAvx, values);
        Append(notes, "CORE", Status, X64Status(set, values, signal));
        Append(notes, "CORE", FloatingPoint, state[..X64FloatingPoint.LegacySize]);
        if (hasAvx)
        {
            state[FeaturesAt] = 7; // x87, SSE, AVX
            Append(notes, "LINUX", ExtendedState, state[..AvxStateSize]);
        }

        return [.. notes];
    }

    private static byte[] X64Status(RegisterSet set, ReadOnlySpan<byte> values, DebugSignal signal)
    {
        byte[] status = StartStatus(X64Registers.Length, signal);
        for (int i = 0; i < X64Registers.Length; i++)
        {
            if (X64Registers[i] is string name)
            {
                int size = set.SizeOf(name);
                values
                    .Slice(set.OffsetOf(name), size)
                    .CopyTo(status.AsSpan(RegistersAt + 8 * i, size));
            }
        }

        return status;
    }

    private static byte[] Arm64Status(
        RegisterSet set,
        ReadOnlySpan<byte> values,
        DebugSignal signal
    )
    {
        // struct user_pt_regs: x0 to x30, sp, pc, pstate.
        const int Registers = Arm64RegisterSet.Generals + 3;
        byte[] status = StartStatus(Registers, signal);
        values.Slice(set.OffsetOf("x0"), 8 * (Registers - 1)).CopyTo(status.AsSpan(RegistersAt));
        values
            .Slice(set.OffsetOf("cpsr"), 4)
            .CopyTo(status.AsSpan(RegistersAt + 8 * (Registers - 1)));
        return status;
    }

    private static byte[] Arm64FloatingPoint(RegisterSet set, ReadOnlySpan<byte> values)
    {
        // struct user_fpsimd_state: v0 to v31, fpsr, fpcr, 8 bytes of nothing.
        byte[] state = new byte[16 * Arm64RegisterSet.Vectors + 16];
        values.Slice(set.OffsetOf("v0"), state.Length - 8).CopyTo(state);
        return state;
    }

    /// <summary>struct elf_prstatus: what is before the registers, room for them, whether there are floating point registers.</summary>
    private static byte[] StartStatus(int registers, DebugSignal signal)
    {
        byte[] status = new byte[RegistersAt + 8 * registers + 8];
        BinaryPrimitives.WriteInt32LittleEndian(status, (int)signal);
        BinaryPrimitives.WriteInt16LittleEndian(status.AsSpan(SignalAt), (short)signal);
        BinaryPrimitives.WriteInt32LittleEndian(status.AsSpan(ThreadAt), 1);
        status[RegistersAt + 8 * registers] = 1;
        return status;
    }

    private static void Append(List<byte> notes, string name, uint type, byte[] content)
    {
        byte[] header = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(header, name.Length + 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), type);
        notes.AddRange(header);
        foreach (char c in name)
        {
            notes.Add((byte)c);
        }

        notes.Add(0);
        Align(notes);
        notes.AddRange(content);
        Align(notes);
    }

    private static void Align(List<byte> notes)
    {
        while (notes.Count % 4 != 0)
        {
            notes.Add(0);
        }
    }
}
