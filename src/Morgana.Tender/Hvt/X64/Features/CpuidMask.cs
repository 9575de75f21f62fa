namespace Morgana.Tender.Hvt;

/// <summary>
/// Which of the processor's features a guest is told of. A list of what is allowed: a feature that a future processor has stays hidden until
/// somebody has looked at it. Left out throughout: virtualisation inside the guest, counters and tracing, whatever is driven by model-specific
/// registers or an interrupt controller (an hvt guest has neither timer interrupts nor devices), what concerns several processors, power
/// management, and instructions with known side channels (TSX, SGX).
/// </summary>
/// <remarks>Names and bits: Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E.</remarks>
internal static class CpuidMask
{
    private const uint All = uint.MaxValue;

    // Components of the extended state (XCR0). Others are keys, bounds, tiles.
    private const uint StateBase = 0x3; // x87, SSE
    private const uint StateAvx = 1 << 2;
    private const uint StateAvx512 = 0xe0; // opmask, upper halves, upper registers
    private const uint StateAllowed = StateBase | StateAvx | StateAvx512;

    /// <summary>The largest basic leaf and the largest extended leaf that are told.</summary>
    private const uint LargestBasic = 0x16;
    private const uint LargestExtended = 0x8000_0008;
    private const uint HypervisorLeaf = 0x4000_0000;

    // Leaf 1 and, where AMD mirrors it, leaf 0x80000001: FPU DE PSE TSC MSR PAE CX8 PGE CMOV PAT PSE36 MMX FXSR.
    private const uint CommonEdx =
        1 << 0
        | 1 << 2
        | 1 << 3
        | 1 << 4
        | 1 << 5
        | 1 << 6
        | 1 << 8
        | 1 << 13
        | 1 << 15
        | 1 << 16
        | 1 << 17
        | 1 << 23
        | 1 << 24;

    private const uint Leaf1Ecx =
        1 << 0 // SSE3
        | 1 << 1 // PCLMULQDQ
        | 1 << 9 // SSSE3
        | 1 << 12 // FMA
        | 1 << 13 // CMPXCHG16B
        | 1 << 19 // SSE4.1
        | 1 << 20 // SSE4.2
        | 1 << 22 // MOVBE
        | 1 << 23 // POPCNT
        | 1 << 25 // AES
        | 1 << 26 // XSAVE
        | 1 << 28 // AVX
        | 1 << 29 // F16C
        | 1 << 30 // RDRAND
        | 1u << 31; // a hypervisor is there

    private const uint Leaf7Ebx =
        1 << 0 // FSGSBASE
        | 1 << 3 // BMI1
        | 1 << 5 // AVX2
        | 1 << 6 // FDP_EXCPTN_ONLY
        | 1 << 7 // SMEP
        | 1 << 8 // BMI2
        | 1 << 9 // ERMS
        | 1 << 13 // no FPU CS and DS
        | 1 << 16 // AVX512F
        | 1 << 17 // AVX512DQ
        | 1 << 18 // RDSEED
        | 1 << 19 // ADX
        | 1 << 20 // SMAP
        | 1 << 21 // AVX512_IFMA
        | 1 << 23 // CLFLUSHOPT
        | 1 << 24 // CLWB
        | 1 << 28 // AVX512CD
        | 1 << 29 // SHA
        | 1 << 30 // AVX512BW
        | 1u << 31; // AVX512VL

    private const uint Leaf7Ecx =
        1 << 1 // AVX512_VBMI
        | 1 << 2 // UMIP
        | 1 << 6 // AVX512_VBMI2
        | 1 << 8 // GFNI
        | 1 << 9 // VAES
        | 1 << 10 // VPCLMULQDQ
        | 1 << 11 // AVX512_VNNI
        | 1 << 12 // AVX512_BITALG
        | 1 << 14; // AVX512_VPOPCNTDQ

    private const uint Leaf7Edx =
        1 << 4 // FSRM
        | 1 << 8 // AVX512_VP2INTERSECT
        | 1 << 10 // MD_CLEAR: VERW clears buffers
        | 1 << 14 // SERIALIZE
        | 1 << 23; // AVX512_FP16

    // What is no use, and must not be told, without the state of AVX or AVX-512 (the latter needs the former).
    private const uint Leaf1EcxAvx = 1 << 12 | 1 << 28 | 1 << 29;
    private const uint Leaf7EbxAvx = 1 << 5;
    private const uint Leaf7EcxAvx = 1 << 9 | 1 << 10;
    private const uint Leaf7EbxAvx512 = 1 << 16 | 1 << 17 | 1 << 21 | 1 << 28 | 1 << 30 | 1u << 31;
    private const uint Leaf7EcxAvx512 = 1 << 1 | 1 << 6 | 1 << 11 | 1 << 12 | 1 << 14;
    private const uint Leaf7EdxAvx512 = 1 << 8 | 1 << 23;
    private const uint Leaf71EaxAvx = 1 << 4 | 1 << 23;
    private const uint Leaf71EaxAvx512 = 1 << 5;
    private const uint Leaf71EdxAvx = 1 << 4 | 1 << 5 | 1 << 10;

    /// <summary>The table. A leaf that is not in it is not told at all, which the processor answers with zeroes.</summary>
    public static IReadOnlyList<CpuidRule> Rules { get; } =
    [
        new(
            0,
            null,
            All,
            All,
            All,
            All,
            "the largest leaf, made smaller below, and the maker's name"
        ),
        new(
            1,
            null,
            All,
            0xff00,
            Leaf1Ecx,
            CommonEdx | 1 << 19 | 1 << 25 | 1 << 26 | 1 << 27,
            "model, size of a cache line, instructions; CLFLUSH, SSE, SSE2, self-snoop. Not: VMX, SMX, MONITOR, PDCM and DS (counters), x2APIC, APIC, TSC deadline, MTRR, MCA, SYSENTER, PCID, the host's APIC number"
        ),
        new(2, null, All, All, All, All, "caches, by which libraries choose how to copy"),
        new(4, null, 0x3fff, All, All, All, "caches; not how many processors share them"),
        new(
            7,
            0,
            1,
            Leaf7Ebx,
            Leaf7Ecx,
            Leaf7Edx,
            "instructions. Not: TSX, SGX, MPX, PKU, AMX, CET, LA57, PT and resource monitoring, RDPID and TSC_ADJUST, the speculation controls (their registers are not the guest's)"
        ),
        new(
            7,
            1,
            1 << 4 | 1 << 5 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 23,
            0,
            0,
            1 << 4 | 1 << 5 | 1 << 10 | 1 << 14,
            "AVX_VNNI, AVX512_BF16, fast string instructions, AVX_IFMA; AVX_VNNI_INT8, AVX_NE_CONVERT, AVX_VNNI_INT16, PREFETCHI"
        ),
        new(
            0xd,
            0,
            StateAllowed,
            All,
            All,
            0,
            "the state that XSAVE knows: x87, SSE, AVX, AVX-512. KVM lets XCR0 have no other bit"
        ),
        new(
            0xd,
            1,
            0x7,
            All,
            0,
            0,
            "XSAVEOPT, XSAVEC, XGETBV(1). Not: XSAVES and XFD, which are registers"
        ),
        new(0xd, 2, All, All, All, All, "where AVX's state lies"),
        new(0xd, 5, All, All, All, All, "where AVX-512's state lies"),
        new(0xd, 6, All, All, All, All, "where AVX-512's state lies"),
        new(0xd, 7, All, All, All, All, "where AVX-512's state lies"),
        new(0x15, null, All, All, All, 0, "the rate of the time stamp counter"),
        new(0x16, null, 0xffff, 0xffff, 0xffff, 0, "the processor's clock rates"),
        new(
            HypervisorLeaf,
            null,
            0,
            All,
            All,
            All,
            "that the hypervisor is KVM. Not: its features, all of which are model-specific registers"
        ),
        new(0x8000_0000, null, All, All, All, All, "the largest extended leaf, made smaller below"),
        new(
            0x8000_0001,
            null,
            All,
            0,
            1 << 0 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8,
            CommonEdx | 1 << 11 | 1 << 20 | 1 << 22 | 1 << 26 | 1 << 27 | 1 << 29,
            "LAHF, LZCNT, SSE4A, unaligned SSE, PREFETCHW; SYSCALL, no execution of data, MMXEXT, pages of 1 GiB, RDTSCP, 64 bits. Not: SVM, SKINIT, IBS, LWP, counters, topology, MONITORX, XOP, FMA4, 3DNow"
        ),
        new(0x8000_0002, null, All, All, All, All, "the processor's name"),
        new(0x8000_0003, null, All, All, All, All, "the processor's name"),
        new(0x8000_0004, null, All, All, All, All, "the processor's name"),
        new(0x8000_0005, null, All, All, All, All, "caches"),
        new(0x8000_0006, null, All, All, All, All, "caches"),
        new(
            0x8000_0007,
            null,
            0,
            0,
            0,
            1 << 8,
            "the time stamp counter keeps its rate. Not: power management"
        ),
        new(
            0x8000_0008,
            null,
            All,
            1 << 0,
            0,
            0,
            "sizes of addresses, CLZERO. Not: how many processors there are, the speculation controls"
        ),
    ];

    /// <summary>Applies the table.</summary>
    /// <param name="supported">What KVM can offer on this host.</param>
    /// <returns>What the guest is told.</returns>
    public static CpuidEntry[] Apply(ReadOnlySpan<CpuidEntry> supported)
    {
        uint state = State(supported);
        List<CpuidEntry> told = new(supported.Length);
        foreach (CpuidEntry entry in supported)
        {
            if (Find(entry) is CpuidRule rule)
            {
                CpuidEntry masked = entry;
                masked.Eax &= rule.Eax;
                masked.Ebx &= rule.Ebx;
                masked.Ecx &= rule.Ecx;
                masked.Edx &= rule.Edx;
                if (Fit(ref masked, state))
                {
                    told.Add(masked);
                }
            }
        }

        SetStateSize(told, state);
        return [.. told];
    }

    private static CpuidRule? Find(CpuidEntry entry)
    {
        foreach (CpuidRule rule in Rules)
        {
            if (rule.Leaf == entry.Leaf && (rule.Subleaf ?? entry.Subleaf) == entry.Subleaf)
            {
                return rule;
            }
        }

        return null;
    }

    // AVX-512 as a whole or not at all, and not without AVX: XCR0 knows no other.
    private static uint State(ReadOnlySpan<CpuidEntry> supported)
    {
        foreach (CpuidEntry entry in supported)
        {
            if (entry is { Leaf: 0xd, Subleaf: 0 })
            {
                uint state = entry.Eax & StateAllowed;
                state &= (state & StateAvx) != 0 ? All : ~(StateAvx | StateAvx512);
                return (state & StateAvx512) == StateAvx512 ? state : state & ~StateAvx512;
            }
        }

        return StateBase;
    }

    // What depends on more than the entry itself. False: it is not told.
    private static bool Fit(ref CpuidEntry entry, uint state)
    {
        bool avx = (state & StateAvx) != 0;
        bool avx512 = (state & StateAvx512) != 0;
        switch (entry.Leaf)
        {
            case 0:
                entry.Eax = Math.Min(entry.Eax, LargestBasic);
                break;
            case 1:
                entry.Ecx &= avx ? All : ~Leaf1EcxAvx;
                break;
            case 7 when entry.Subleaf == 0:
                entry.Eax = Math.Min(entry.Eax, 1);
                entry.Ebx &= (avx ? All : ~Leaf7EbxAvx) & (avx512 ? All : ~Leaf7EbxAvx512);
                entry.Ecx &= (avx ? All : ~Leaf7EcxAvx) & (avx512 ? All : ~Leaf7EcxAvx512);
                entry.Edx &= avx512 ? All : ~Leaf7EdxAvx512;
                break;
            case 7:
                entry.Eax &= (avx ? All : ~Leaf71EaxAvx) & (avx512 ? All : ~Leaf71EaxAvx512);
                entry.Edx &= avx ? All : ~Leaf71EdxAvx;
                break;
            case 0xd when entry.Subleaf == 0:
                entry.Eax = state;
                break;
            case 0xd when entry.Subleaf >= 2:
                return (state >> (int)entry.Subleaf & 1) != 0;
            case HypervisorLeaf:
                entry.Eax = HypervisorLeaf;
                break;
            case 0x8000_0000:
                entry.Eax = Math.Min(entry.Eax, LargestExtended);
                break;
        }

        return true;
    }

    // Leaf 0xd tells how much memory XSAVE needs for all that there is.
    private static void SetStateSize(List<CpuidEntry> told, uint state)
    {
        const uint LegacyAndHeader = 512 + 64;
        uint size = LegacyAndHeader;
        int main = -1;
        for (int i = 0; i < told.Count; i++)
        {
            CpuidEntry entry = told[i];
            if (entry is { Leaf: 0xd, Subleaf: 0 })
            {
                main = i;
            }
            else if (entry is { Leaf: 0xd, Subleaf: >= 2 })
            {
                size = Math.Max(size, entry.Ebx + entry.Eax);
            }
        }

        if (main >= 0)
        {
            CpuidEntry entry = told[main];
            entry.Ecx = size;
            // KVM keeps this one up to date with XCR0, which begins with x87 only.
            entry.Ebx = LegacyAndHeader;
            told[main] = entry;
        }
    }
}
