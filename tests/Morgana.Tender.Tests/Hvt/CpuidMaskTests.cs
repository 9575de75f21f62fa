using CsCheck;
using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt;

/// <summary>What a guest is told about its processor, whatever the host has.</summary>
public sealed class CpuidMaskTests
{
    private const uint All = uint.MaxValue;
    private static readonly uint[] Subleaved = [0, 1, 2, 3, 5, 6, 7, 8, 9, 17, 18];

    [Theory]
    [InlineData(1u, 0u, 'c', 3, "MONITOR")]
    [InlineData(1u, 0u, 'c', 5, "VMX")]
    [InlineData(1u, 0u, 'c', 6, "SMX")]
    [InlineData(1u, 0u, 'c', 15, "PDCM: counters")]
    [InlineData(1u, 0u, 'c', 17, "PCID")]
    [InlineData(1u, 0u, 'c', 21, "x2APIC")]
    [InlineData(1u, 0u, 'c', 24, "TSC deadline")]
    [InlineData(1u, 0u, 'd', 9, "APIC")]
    [InlineData(1u, 0u, 'd', 11, "SYSENTER")]
    [InlineData(1u, 0u, 'd', 12, "MTRR")]
    [InlineData(1u, 0u, 'd', 21, "DS: tracing")]
    [InlineData(1u, 0u, 'b', 24, "the host's APIC number")]
    [InlineData(7u, 0u, 'b', 1, "TSC_ADJUST")]
    [InlineData(7u, 0u, 'b', 2, "SGX")]
    [InlineData(7u, 0u, 'b', 4, "HLE")]
    [InlineData(7u, 0u, 'b', 11, "RTM")]
    [InlineData(7u, 0u, 'b', 14, "MPX")]
    [InlineData(7u, 0u, 'b', 25, "PT")]
    [InlineData(7u, 0u, 'c', 3, "PKU")]
    [InlineData(7u, 0u, 'c', 7, "CET")]
    [InlineData(7u, 0u, 'c', 16, "LA57")]
    [InlineData(7u, 0u, 'd', 24, "AMX")]
    [InlineData(7u, 0u, 'd', 26, "speculation control")]
    [InlineData(7u, 1u, 'd', 19, "AVX10")]
    [InlineData(0xdu, 0u, 'a', 9, "PKU's state")]
    [InlineData(0xdu, 0u, 'a', 17, "AMX's state")]
    [InlineData(0xdu, 1u, 'a', 3, "XSAVES")]
    [InlineData(0x8000_0001u, 0u, 'c', 2, "SVM")]
    [InlineData(0x8000_0001u, 0u, 'c', 10, "IBS")]
    [InlineData(0x8000_0001u, 0u, 'c', 23, "counters")]
    [InlineData(0x8000_0008u, 0u, 'b', 12, "IBPB")]
    public void A_processor_that_has_everything_hides(
        uint leaf,
        uint subleaf,
        char register,
        int bit,
        string what
    )
    {
        CpuidEntry entry = Assert.Single(
            CpuidMask.Apply(Everything()),
            entry => entry.Leaf == leaf && entry.Subleaf == subleaf
        );
        Assert.True((Register(entry, register) >> bit & 1) == 0, what);
    }

    [Theory]
    [InlineData(1u, 'c', 28, "AVX")]
    [InlineData(1u, 'c', 30, "RDRAND")]
    [InlineData(1u, 'd', 26, "SSE2")]
    [InlineData(7u, 'b', 5, "AVX2")]
    [InlineData(7u, 'b', 16, "AVX-512")]
    [InlineData(7u, 'b', 18, "RDSEED")]
    [InlineData(0x8000_0001u, 'd', 20, "no execution of data")]
    [InlineData(0x8000_0007u, 'd', 8, "a counter that keeps its rate")]
    public void It_tells(uint leaf, char register, int bit, string what)
    {
        CpuidEntry entry = Assert.Single(
            CpuidMask.Apply(Everything()),
            entry => entry.Leaf == leaf && entry.Subleaf == 0
        );
        Assert.True((Register(entry, register) >> bit & 1) == 1, what);
    }

    [Theory]
    [InlineData(0x5u)] // MONITOR
    [InlineData(0x6u)] // power
    [InlineData(0xau)] // counters
    [InlineData(0xbu)] // topology
    [InlineData(0x12u)] // SGX
    [InlineData(0x14u)] // PT
    [InlineData(0x1du)] // AMX
    [InlineData(0x4000_0001u)] // KVM's registers
    [InlineData(0x8000_000au)] // SVM
    [InlineData(0x8000_001fu)] // SEV
    public void A_leaf_that_is_not_in_the_table_is_not_told(uint leaf) =>
        Assert.DoesNotContain(CpuidMask.Apply(Everything()), entry => entry.Leaf == leaf);

    [Fact]
    public void The_largest_leaves_are_those_of_the_table()
    {
        CpuidEntry[] told = CpuidMask.Apply(Everything());
        Assert.Equal(0x16u, told.Single(entry => entry.Leaf == 0).Eax);
        Assert.Equal(0x8000_0008u, told.Single(entry => entry.Leaf == 0x8000_0000).Eax);
    }

    [Theory]
    [InlineData(0x3u, false, false, 576u)]
    [InlineData(0x7u, true, false, 832u)]
    [InlineData(0xe7u, true, true, 2688u)]
    [InlineData(0xe3u, false, false, 576u)] // AVX-512 without AVX
    [InlineData(0x27u, true, false, 832u)] // a part of AVX-512
    [InlineData(0x602e7u, true, true, 2688u)] // with PKU and AMX
    public void AVX_is_told_as_far_as_its_state_can_be_saved(
        uint state,
        bool avx,
        bool avx512,
        uint size
    )
    {
        CpuidEntry[] told = CpuidMask.Apply(Everything(state));
        CpuidEntry one = told.Single(entry => entry.Leaf == 1);
        CpuidEntry seven = told.Single(entry => entry is { Leaf: 7, Subleaf: 0 });
        CpuidEntry main = told.Single(entry => entry is { Leaf: 0xd, Subleaf: 0 });
        Assert.Equal(
            (avx, avx, avx, avx512, avx512),
            (
                (one.Ecx >> 28 & 1) == 1,
                (one.Ecx >> 12 & 1) == 1,
                (seven.Ebx >> 5 & 1) == 1,
                (seven.Ebx >> 16 & 1) == 1,
                (seven.Ecx >> 1 & 1) == 1
            )
        );
        Assert.Equal(
            avx512 ? 0xe7u
                : avx ? 7u
                : 3u,
            main.Eax
        );
        Assert.Equal(size, main.Ecx);
        Assert.Equal(avx, told.Any(entry => entry is { Leaf: 0xd, Subleaf: 2 }));
        Assert.Equal(avx512, told.Any(entry => entry is { Leaf: 0xd, Subleaf: 5 }));
    }

    [Fact]
    public void Nothing_is_told_that_the_host_does_not_have() =>
        Gen.Select(Gen.Int[0, Everything().Length - 1], Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt)
            .Sample(
                (index, eax, ebx, ecx, edx) =>
                {
                    CpuidEntry leaf = Everything()[index];
                    // Sizes of state and largest leaves are computed.
                    if (leaf.Leaf is 0xd or 0 or 0x8000_0000 or 0x4000_0000)
                    {
                        return;
                    }

                    CpuidEntry host = new()
                    {
                        Leaf = leaf.Leaf,
                        Subleaf = leaf.Subleaf,
                        Eax = eax,
                        Ebx = ebx,
                        Ecx = ecx,
                        Edx = edx,
                    };
                    foreach (CpuidEntry told in CpuidMask.Apply([host]))
                    {
                        Assert.Equal(0u, told.Ebx & ~ebx | told.Ecx & ~ecx | told.Edx & ~edx);
                        Assert.True(told.Eax <= eax);
                    }
                }
            );

    [Fact]
    public void Every_rule_and_every_register_has_its_reason()
    {
        Assert.All(CpuidMask.Rules, rule => Assert.NotEqual("", rule.Reason));
        Assert.Equal(
            CpuidMask.Rules.Count,
            CpuidMask.Rules.Select(rule => (rule.Leaf, rule.Subleaf)).Distinct().Count()
        );
        Assert.All(
            MsrFilter.Allowed,
            range =>
            {
                Assert.NotEqual("", range.Reason);
                // One bitmap of 8 bits serves all.
                Assert.InRange(range.Count, 1u, 8u);
            }
        );
    }

    // All leaves that there are, with all bits.
    private static CpuidEntry[] Everything(uint state = 0x602e7)
    {
        List<CpuidEntry> entries = [];
        for (uint leaf = 0; leaf <= 0x24; leaf++)
        {
            foreach (uint subleaf in leaf is 7 or 0xd ? Subleaved : [0u])
            {
                entries.Add(Full(leaf, subleaf));
            }
        }

        entries.AddRange(
            Enumerable
                .Range(0, 0x22)
                .SelectMany(at =>
                    (CpuidEntry[])[Full(0x4000_0000 + (uint)at, 0), Full(0x8000_0000 + (uint)at, 0)]
                )
        );
        for (int i = 0; i < entries.Count; i++)
        {
            CpuidEntry entry = entries[i];
            (entry.Eax, entry.Ebx) = (entry.Leaf, entry.Subleaf) switch
            {
                (0xd, 0) => (state, All),
                (0xd, 2) => (256u, 576u),
                (0xd, 5) => (64u, 1088u),
                (0xd, 6) => (512u, 1152u),
                (0xd, 7) => (1024u, 1664u),
                _ => (entry.Eax, entry.Ebx),
            };
            entries[i] = entry;
        }

        return [.. entries];
    }

    private static CpuidEntry Full(uint leaf, uint subleaf) =>
        new()
        {
            Leaf = leaf,
            Subleaf = subleaf,
            Eax = All,
            Ebx = All,
            Ecx = All,
            Edx = All,
        };

    private static uint Register(CpuidEntry entry, char register) =>
        register switch
        {
            'a' => entry.Eax,
            'b' => entry.Ebx,
            'c' => entry.Ecx,
            _ => entry.Edx,
        };
}
