using Morgana.Elf;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

/// <summary>Morgana's additions to the ABI, in real processes: grant, faults, guard pages.</summary>
public sealed class GrantTests
{
    private const int KilledBySeccomp = 128 + 31;
    private const int KilledBySegmentation = 128 + 11;

    // The handler at Base + 0x200; rt_sigreturn at Base + 0x300; the grant at Data; the fault stack at Data + 0x1000.
    private static ElfImageWriter Asking(GuestCode code, GuestCode handler)
    {
        GuestCode whole = new GuestCode()
            .Raw(code.Bytes)
            .At(GuestCode.Base + 0x200)
            .Raw(handler.Bytes);
        whole = whole.At(GuestCode.Base + 0x300).Raw(0xb8, 15, 0, 0, 0, 0x0f, 0x05);
        var note = new MorganaNote(
            GuestCode.Data,
            GuestCode.Base + 0x200,
            GuestCode.Base + 0x300,
            GuestCode.Data + 0x1000,
            0x8000
        );
        return TestImage.Guest(whole).With().With(note);
    }

    [Fact]
    public void The_grant_says_what_is_granted_and_brings_a_seed()
    {
        ElfImageWriter image = Asking(
            new GuestCode().Write(GuestCode.Data, 40).Exit(0),
            new GuestCode().Exit(1)
        );
        string first = TenderProcess.Run(image).Output;
        string second = TenderProcess.Run(image).Output;
        Assert.Equal("\u0001\0\0\0\u0007\0\0\0", first[..8]);
        Assert.NotEqual(first[8..], second[8..]);
    }

    [Fact]
    public void A_null_dereference_arrives_at_the_fault_handler_on_the_fault_stack()
    {
        // The handler ends with bits 12-19 of its stack's address: Data + 0x8xxx.
        GuestCode handler = new GuestCode()
            .Raw(0x48, 0x89, 0xe7, 0x48, 0xc1, 0xef, 0x0c) // mov rdi, rsp; shr rdi, 12
            .Raw(0xb8, 231, 0, 0, 0, 0x0f, 0x05);
        (int code, _, string error) = TenderProcess.Run(
            Asking(new GuestCode().Load(0).Exit(0), handler)
        );
        Assert.Equal("", error);
        Assert.InRange(code, 1, 8);
    }

    [Theory]
    [InlineData(8, new byte[] { 0x31, 0xc9, 0x31, 0xd2, 0xf7, 0xf1 })] // div ecx by zero: SIGFPE
    [InlineData(4, new byte[] { 0x0f, 0x0b })] // ud2: SIGILL
    [InlineData(11, new byte[] { 0xf4 })] // hlt, privileged: SIGSEGV
    public void Every_fault_arrives_with_its_signal(int signal, byte[] fault)
    {
        // The first argument is the signal's number.
        GuestCode handler = new GuestCode().Raw(0xb8, 231, 0, 0, 0, 0x0f, 0x05);
        Assert.Equal(
            (signal, "", ""),
            TenderProcess.Run(Asking(new GuestCode().Raw(fault).Exit(0), handler))
        );
    }

    [Fact]
    public void A_handler_changes_the_saved_registers_and_returns()
    {
        // uc_mcontext.rip is at offset 168 of the ucontext in rdx: skip the two bytes of ud2.
        GuestCode handler = new GuestCode().Raw(0x48, 0x83, 0x82, 168, 0, 0, 0, 2, 0xc3);
        Assert.Equal(
            (33, "", ""),
            TenderProcess.Run(
                Asking(new GuestCode().Raw(0x0f, 0x0b).Raw(0x0f, 0x0b).Exit(33), handler)
            )
        );
    }

    [Fact]
    public void A_fault_inside_of_the_handler_is_delivered_again_and_ends_when_the_stack_is_used_up()
    {
        GuestCode handler = new GuestCode().Load(0);
        Assert.Equal(
            (KilledBySegmentation, "", ""),
            TenderProcess.Run(Asking(new GuestCode().Load(0), handler))
        );
    }

    [Fact]
    public void A_guard_page_is_made_and_taken_back()
    {
        GuestCode code = new GuestCode()
            .Store(0x300000)
            .Call(10, 0x300000, 4096, 0)
            .Call(10, 0x300000, 4096, 3)
            .Load(0x300000)
            .Call(10, 0x301000, 4096, 0)
            .Load(0x301000)
            .Exit(1);
        GuestCode handler = new GuestCode().Raw(0xb8, 231, 0, 0, 0, 0x0f, 0x05);
        Assert.Equal((11, "", ""), TenderProcess.Run(Asking(code, handler)));
    }

    [Theory]
    [InlineData(0x300000, 4096, 7)]
    [InlineData(0x300000, 4096, 5)]
    [InlineData(0x300000, 8192, 0)]
    [InlineData(0x300800, 4096, 0)]
    [InlineData(0x200000, 4096, 0)]
    [InlineData(0x1000000, 4096, 0)]
    public void Any_other_protection_kills_even_with_guard_pages_granted(
        ulong address,
        ulong size,
        ulong protection
    ) =>
        Assert.Equal(
            (KilledBySeccomp, "", ""),
            TenderProcess.Run(
                Asking(
                    new GuestCode().Call(10, address, size, protection).Exit(0),
                    new GuestCode().Exit(1)
                )
            )
        );
}
