using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt.Arm64;

/// <summary>Numbers of Linux's interface to KVM on arm64, derived here from the structures and fields that they are made of.</summary>
public sealed class Arm64LayoutTests
{
    // asm/ptrace.h and asm/kvm.h: struct kvm_regs begins with regs[31], sp, pc, pstate, sp_el1.
    [Theory]
    [InlineData(Arm64Register.X0, 0)]
    [InlineData(Arm64Register.X1, 8)]
    [InlineData(Arm64Register.ProgramCounter, 8 * 32)]
    [InlineData(Arm64Register.ProcessorState, 8 * 33)]
    [InlineData(Arm64Register.StackPointer, 8 * 34)]
    public void Core_registers_are_counted_in_words_of_32_bits(ulong register, uint offset) =>
        Assert.Equal(0x6030_0000_0010_0000UL | offset / 4, register);

    // What KVM_GET_REG_LIST of a kernel lists for them.
    [Theory]
    [InlineData("SCTLR_EL1", 0x6030_0000_0013_c080UL)]
    [InlineData("CPACR_EL1", 0x6030_0000_0013_c082UL)]
    [InlineData("TTBR0_EL1", 0x6030_0000_0013_c100UL)]
    [InlineData("TCR_EL1", 0x6030_0000_0013_c102UL)]
    [InlineData("MAIR_EL1", 0x6030_0000_0013_c510UL)]
    public void System_registers_have_the_fields_of_the_instruction(string name, ulong expected) =>
        Assert.Equal(
            expected,
            name switch
            {
                "SCTLR_EL1" => Arm64Register.SystemControl,
                "CPACR_EL1" => Arm64Register.FeatureAccess,
                "TTBR0_EL1" => Arm64Register.TableBase,
                "TCR_EL1" => Arm64Register.TranslationControl,
                _ => Arm64Register.MemoryAttributes,
            }
        );

    // _IOC(direction, 0xae, number, size); direction 1 writes to the kernel, 2 reads from it.
    [Theory]
    [InlineData((ulong)KvmRequest.GetOneRegister, 1, 0xab, 16)]
    [InlineData((ulong)KvmRequest.SetOneRegister, 1, 0xac, 16)]
    [InlineData((ulong)KvmRequest.InitializeCpu, 1, 0xae, 32)]
    [InlineData((ulong)KvmRequest.PreferredTarget, 2, 0xaf, 32)]
    public void Requests_say_direction_and_size(
        ulong request,
        uint direction,
        uint number,
        uint size
    ) => Assert.Equal(direction << 30 | size << 16 | 0xae00 | number, request);

    [Theory]
    [InlineData(0, 0)] // a kernel from before the extension
    [InlineData(40, 0)]
    [InlineData(48, 0)]
    [InlineData(36, 36)] // Apple's processors
    [InlineData(33, 33)]
    public void A_processor_with_fewer_address_bits_gets_a_smaller_machine(int most, int type) =>
        Assert.Equal((nuint)type, new Arm64Processor().MachineType(_ => most));

    [Fact]
    public void A_processor_that_cannot_reach_the_hypercalls_is_refused()
    {
        TenderException exception = Assert.Throws<TenderException>(() =>
            new Arm64Processor().MachineType(_ => 32)
        );
        Assert.Contains("32 bits", exception.Message, StringComparison.Ordinal);
    }
}
