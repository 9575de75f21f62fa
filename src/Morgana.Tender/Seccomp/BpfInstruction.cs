using System.Runtime.InteropServices;

namespace Morgana.Tender.Seccomp;

/// <summary>An instruction of classic BPF (<c>struct sock_filter</c> of <c>linux/filter.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(
    ushort Code,
    byte JumpTrue,
    byte JumpFalse,
    uint Operand
)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 8;

    /// <summary>Most instructions that the kernel takes (<c>BPF_MAXINSNS</c>).</summary>
    public const int Most = 4096;

    public const ushort CodeLoad = 0x20; // BPF_LD | BPF_W | BPF_ABS
    public const ushort CodeJump = 0x05; // BPF_JMP | BPF_JA
    public const ushort CodeEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    public const ushort CodeGreater = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    public const ushort CodeGreaterOrEqual = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    public const ushort CodeAnyBit = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    public const ushort CodeReturn = 0x06; // BPF_RET | BPF_K

    public static BpfInstruction Load(uint offset) => new(CodeLoad, 0, 0, offset);

    public static BpfInstruction Jump(uint skip) => new(CodeJump, 0, 0, skip);

    public static BpfInstruction Return(uint value) => new(CodeReturn, 0, 0, value);
}
