namespace Morgana.Tender.Hvt;

/// <summary>
/// The numbers by which KVM knows registers (<c>KVM_GET_ONE_REG</c>, <c>KVM_SET_ONE_REG</c>; Linux, asm/kvm.h of arm64). Core
/// registers are counted in words of 32 bits from the start of <c>struct kvm_regs</c>; system registers have the fields of the
/// instruction that reads them.
/// </summary>
internal static class Arm64Register
{
    private const ulong Wide = 0x6030_0000_0000_0000; // KVM_REG_ARM64 | KVM_REG_SIZE_U64
    private const ulong Core = Wide | 0x0010 << 16;

    public const ulong X0 = Core;
    public const ulong X1 = Core | 2;
    public const ulong ProgramCounter = Core | 64;
    public const ulong ProcessorState = Core | 66;

    /// <summary>SP_EL1, the stack pointer of a guest that runs at EL1.</summary>
    public const ulong StackPointer = Core | 68;

    public static readonly ulong SystemControl = System(3, 0, 1, 0, 0); // SCTLR_EL1
    public static readonly ulong FeatureAccess = System(3, 0, 1, 0, 2); // CPACR_EL1
    public static readonly ulong TableBase = System(3, 0, 2, 0, 0); // TTBR0_EL1
    public static readonly ulong TranslationControl = System(3, 0, 2, 0, 2); // TCR_EL1
    public static readonly ulong MemoryAttributes = System(3, 0, 10, 2, 0); // MAIR_EL1

    /// <summary>A system register, by the fields of MRS: op0, op1, CRn, CRm, op2.</summary>
    public static ulong System(uint op0, uint op1, uint crn, uint crm, uint op2) =>
        Wide | 0x0013 << 16 | op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
}
