/* RDSEED where the CPU has it, else RDRAND (Intel SDM volume 1, 7.3.17). */
#include "native.h"

static bool rdseed(uint64_t *word)
{
    uint8_t ok;
    __asm__ volatile("rdseed %0; setc %1" : "=r"(*word), "=qm"(ok) : : "cc");
    return ok;
}

static bool rdrand(uint64_t *word)
{
    uint8_t ok;
    __asm__ volatile("rdrand %0; setc %1" : "=r"(*word), "=qm"(ok) : : "cc");
    return ok;
}

static bool has(bool *seed, bool *rand)
{
    uint32_t r[4];
    arch_cpuid(0, 0, r);
    uint32_t highest = r[0];
    arch_cpuid(1, 0, r);
    *rand = r[2] >> 30 & 1;
    *seed = false;
    if (highest >= 7) {
        arch_cpuid(7, 0, r);
        *seed = r[1] >> 18 & 1;
    }
    return *seed || *rand;
}

bool entropy_cpu(uint64_t *words, size_t count)
{
    static int known; /* CPUID is slow under a hypervisor: asked once */
    static bool seed, rand;
    if (known == 0) {
        (void)has(&seed, &rand);
        known = 1;
    }
    if (!seed && !rand)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool ok = false;
        /* RDSEED may run dry for a while; Intel's guide asks for 10 tries of RDRAND. */
        for (int attempt = 0; seed && !ok && attempt < 100; attempt++)
            ok = rdseed(&words[i]);
        for (int attempt = 0; rand && !ok && attempt < 10; attempt++)
            ok = rdrand(&words[i]);
        /* Some CPUs were known to answer all ones, always. */
        if (!ok || words[i] == UINT64_MAX)
            return false;
    }
    return true;
}
