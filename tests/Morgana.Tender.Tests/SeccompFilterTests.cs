using CsCheck;
using Morgana.Elf;
using Morgana.Tender.Devices;
using Morgana.Tender.Seccomp;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

public sealed class SeccompFilterTests
{
    private const uint X64 = 0xc000003e;
    private const ulong ImageEnd = 0x300000;
    private const ulong MemorySize = 0x2000000;

    private static readonly AttachedDevice[] Devices =
    [
        new()
        {
            Name = "net",
            Handle = 1,
            Descriptor = 7,
            Mtu = 1500,
            HardwareAddress = [2, 0, 0, 0, 0, 1],
        },
        new()
        {
            Name = "disk",
            Handle = 2,
            Descriptor = 8,
            Block = new BlockGeometry(0x1_0000_1000, 4096),
        },
    ];

    private static List<SeccompRule> Rules(uint granted = 7) =>
        SptFilter.Rules(5, 6, Devices, granted, ImageEnd, MemorySize);

    private static readonly BpfInstruction[] Filter = SeccompFilter.Assemble(
        Rules(),
        ElfMachine.X64
    );

    private static bool Allowed(uint number, params ulong[] arguments)
    {
        uint result = BpfInterpreter.Run(Filter, X64, number, arguments);
        Assert.True(result is SeccompFilter.Allow or SeccompFilter.KillProcess);
        return result == SeccompFilter.Allow;
    }

    [Fact]
    public void Every_rule_has_a_reason() =>
        Assert.All(
            Rules(),
            rule =>
                Assert.True(
                    rule.Reason.Length > 20
                        && rule.ToString().Contains(rule.Reason, StringComparison.Ordinal)
                )
        );

    [Fact]
    public void Reads_and_writes_are_pinned_to_descriptors_and_lengths()
    {
        Assert.True(Allowed(0, 7, 0x200000, 1 << 20));
        Assert.False(Allowed(0, 0, 0x200000, 1));
        Assert.False(Allowed(0, 8, 0x200000, 1));
        Assert.False(Allowed(0, 0x1_0000_0007, 0x200000, 1));
        Assert.True(Allowed(1, 1, 0x200000, ulong.MaxValue));
        Assert.False(Allowed(1, 2, 0x200000, 1));
        Assert.True(Allowed(1, 7, 0x200000, 1514));
        Assert.False(Allowed(1, 7, 0x200000, 1515));
        Assert.False(Allowed(1, 7, 0x200000, 0x1_0000_0001));
        Assert.False(Allowed(1, 8, 0x200000, 1));
    }

    [Theory]
    [InlineData(17u)]
    [InlineData(18u)]
    public void Blocks_lie_wholly_on_the_device(uint number)
    {
        Assert.True(Allowed(number, 8, 0, 4096, 0));
        Assert.True(Allowed(number, 8, 0, 4096, 0x1_0000_0000));
        Assert.True(Allowed(number, 8, 0, 4096, 0xffff_f000));
        Assert.False(Allowed(number, 8, 0, 4096, 0x1_0000_0001));
        Assert.False(Allowed(number, 8, 0, 4096, 0x2_0000_0000));
        Assert.False(Allowed(number, 8, 0, 4096, ulong.MaxValue));
        Assert.False(Allowed(number, 8, 0, 4095, 0));
        Assert.False(Allowed(number, 8, 0, 4097, 0));
        Assert.False(Allowed(number, 8, 0, 0x1_0000_1000, 0));
        Assert.False(Allowed(number, 7, 0, 4096, 0));
    }

    [Fact]
    public void Waiting_and_clocks_are_as_in_the_bindings()
    {
        Assert.True(Allowed(281, 5, 0x200000, 64, ulong.MaxValue, 0, 0));
        Assert.False(Allowed(281, 6, 0x200000, 1, 0, 0, 0));
        Assert.False(Allowed(281, 5, 0x200000, 65, 0, 0, 0));
        Assert.False(Allowed(281, 5, 0x200000, 1, 0, 0x200000, 8));
        Assert.True(Allowed(286, 6, 1, 0x200000, 0));
        Assert.False(Allowed(286, 6, 0, 0x200000, 0));
        Assert.False(Allowed(286, 6, 3, 0x200000, 0));
        Assert.False(Allowed(286, 5, 1, 0x200000, 0));
        Assert.False(Allowed(286, 6, 1, 0x200000, 0x200000));
        Assert.True(Allowed(228, 0, 0x200000));
        Assert.True(Allowed(228, 1, 0x200000));
        Assert.False(Allowed(228, 2, 0x200000));
        Assert.False(Allowed(228, ulong.MaxValue, 0x200000));
        Assert.True(Allowed(158, 0x1002, 0x200000));
        Assert.False(Allowed(158, 0x1001, 0x200000));
        Assert.False(Allowed(158, 0x1003, 0x200000));
        Assert.True(Allowed(231, 255));
    }

    [Fact]
    public void Guard_pages_stay_above_the_image_and_never_become_code()
    {
        Assert.True(Allowed(10, ImageEnd, 4096, 0));
        Assert.True(Allowed(10, ImageEnd, 4096, 3));
        Assert.True(Allowed(10, MemorySize - 4096, 4096, 0));
        Assert.False(Allowed(10, ImageEnd - 4096, 4096, 0));
        Assert.False(Allowed(10, MemorySize, 4096, 0));
        Assert.False(Allowed(10, ImageEnd + 1, 4096, 0));
        Assert.False(Allowed(10, ImageEnd + 0x1_0000_0000, 4096, 0));
        Assert.False(Allowed(10, ImageEnd, 8192, 0));
        Assert.False(Allowed(10, ImageEnd, 0, 0));
        Assert.False(Allowed(10, ImageEnd, 4096, 1));
        for (ulong protection = 4; protection < 16; protection++)
        {
            Assert.False(Allowed(10, ImageEnd, 4096, protection));
        }
    }

    [Fact]
    public void What_is_not_granted_is_forbidden()
    {
        BpfInstruction[] plain = SeccompFilter.Assemble(Rules(granted: 0), ElfMachine.X64);
        Assert.Equal(SeccompFilter.KillProcess, BpfInterpreter.Run(plain, X64, 15));
        Assert.Equal(
            SeccompFilter.KillProcess,
            BpfInterpreter.Run(plain, X64, 10, ImageEnd, 4096, 0)
        );
        Assert.True(Allowed(15));
    }

    [Fact]
    public void No_other_call_is_allowed_with_any_arguments()
    {
        uint[] known = [0, 1, 10, 15, 17, 18, 158, 228, 231, 281, 286];
        for (uint number = 0; number < 600; number++)
        {
            if (!known.Contains(number))
            {
                Assert.False(Allowed(number, 1, 1, 1, 1, 1, 1));
                Assert.False(Allowed(number));
            }

            // The x32 numbers.
            Assert.False(Allowed(number | 0x40000000, 1, 1, 1));
        }
    }

    [Theory]
    [InlineData(0x40000003u)] // i386, whose number 1 is exit
    [InlineData(0xc00000b7u)]
    [InlineData(0u)]
    public void Another_architecture_is_killed_whatever_it_calls(uint architecture) =>
        Assert.All(
            Enumerable.Range(0, 300),
            number =>
                Assert.Equal(
                    SeccompFilter.KillProcess,
                    BpfInterpreter.Run(Filter, architecture, (uint)number, 1)
                )
        );

    [Fact]
    public void On_arm64_the_numbers_are_its_own_and_arch_prctl_is_left_out()
    {
        BpfInstruction[] filter = SeccompFilter.Assemble(Rules(), ElfMachine.Arm64);
        Assert.Equal(SeccompFilter.Allow, BpfInterpreter.Run(filter, 0xc00000b7, 64, 1));
        Assert.Equal(SeccompFilter.Allow, BpfInterpreter.Run(filter, 0xc00000b7, 94));
        Assert.Equal(SeccompFilter.KillProcess, BpfInterpreter.Run(filter, 0xc00000b7, 1, 1));
        Assert.Equal(SeccompFilter.KillProcess, BpfInterpreter.Run(filter, X64, 64, 1));
        Assert.DoesNotContain(filter, instruction => instruction.Operand == 158);
    }

    [Fact]
    public void Sixty_three_block_devices_fit_into_a_filter_and_each_keeps_its_own_bounds()
    {
        AttachedDevice[] devices =
        [
            .. Enumerable
                .Range(1, 63)
                .Select(i => new AttachedDevice
                {
                    Name = $"d{i}",
                    Handle = i,
                    Descriptor = 100 + i,
                    Block = new BlockGeometry((ulong)i * 512, 512),
                }),
        ];
        BpfInstruction[] filter = SeccompFilter.Assemble(
            SptFilter.Rules(5, 6, devices, 7, ImageEnd, MemorySize),
            ElfMachine.X64
        );
        Assert.True(filter.Length <= BpfInstruction.Most);
        for (ulong i = 1; i <= 63; i++)
        {
            Assert.Equal(
                SeccompFilter.Allow,
                BpfInterpreter.Run(filter, X64, 18, 100 + i, 0, 512, (i - 1) * 512)
            );
            Assert.Equal(
                SeccompFilter.KillProcess,
                BpfInterpreter.Run(filter, X64, 18, 100 + i, 0, 512, i * 512)
            );
        }

        Assert.Equal(SeccompFilter.Allow, BpfInterpreter.Run(filter, X64, 231));
    }

    [Fact]
    public void Any_rules_decide_in_the_kernel_as_they_do_on_paper()
    {
        SystemCall[] calls = [SystemCall.Read, SystemCall.Write, SystemCall.ReadAt];

        // Values that differ in their halves, and the neighbours of each.
        Gen<ulong> values = Gen.Select(
            Gen.Int[0, 3],
            Gen.Int[0, 3],
            Gen.Int[-1, 1],
            (high, low, near) =>
                unchecked(((ulong)high << 32 | (ulong)low * 0x55555555) + (ulong)near)
        );
        Gen<ArgumentCheck> checks = Gen.Select(
            Gen.Int[0, 5],
            Gen.Int[0, 3],
            values,
            (index, comparison, value) =>
                new ArgumentCheck(
                    index,
                    (Comparison)comparison,
                    comparison == 3 ? (uint)value : value
                )
        );
        Gen<SeccompRule> rules = Gen.Select(
            Gen.Int[0, 2],
            checks.Array[0, 4],
            (call, list) => new SeccompRule(calls[call], list, "")
        );
        Gen.Select(rules.List[0, 6], Gen.Int[0, 3], values.Array[6])
            .Sample(
                (list, call, arguments) =>
                {
                    uint number = call < 3 ? calls[call].X64 : 99;
                    bool expected = list.Any(rule =>
                        rule.Call.X64 == number
                        && rule.Checks.All(check => check.Holds(arguments[check.Index]))
                    );
                    uint result = BpfInterpreter.Run(
                        SeccompFilter.Assemble(list, ElfMachine.X64),
                        X64,
                        number,
                        arguments
                    );
                    return result == (expected ? SeccompFilter.Allow : SeccompFilter.KillProcess);
                },
                iter: 20_000
            );
    }
}
