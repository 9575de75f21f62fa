/*
 * What the runtime and the compiler's support code ask about the processor:
 * getauxval(AT_HWCAP). No tender hands an auxiliary vector to its guest, so the
 * answer is read from the processor: ARMv8.0 with floating point and Advanced
 * SIMD, which every machine that runs an image has, and what
 * ID_AA64ISAR0_EL1 adds. Nothing that needs more registers (SVE, SME) is
 * reported: the runtime would then save what the ABI's context does not have.
 */
#include "native.h"

#define AT_PAGESZ 6
#define AT_HWCAP  16

/* Bits of AT_HWCAP (Linux, asm/hwcap.h). */
enum {
    HWCAP_FP = 1 << 0,
    HWCAP_ASIMD = 1 << 1,
    HWCAP_AES = 1 << 3,
    HWCAP_PMULL = 1 << 4,
    HWCAP_SHA1 = 1 << 5,
    HWCAP_SHA2 = 1 << 6,
    HWCAP_CRC32 = 1 << 7,
    HWCAP_ATOMICS = 1 << 8,
    HWCAP_ASIMDRDM = 1 << 12,
    HWCAP_ASIMDDP = 1 << 20,
};

/* Fields of four bits, and the least value that means the feature. */
static const struct {
    uint8_t shift;
    uint8_t least;
    uint32_t capability;
} fields[] = {
    {4, 1, HWCAP_AES},      {4, 2, HWCAP_PMULL},    {8, 1, HWCAP_SHA1},      {12, 1, HWCAP_SHA2},
    {16, 1, HWCAP_CRC32},   {20, 2, HWCAP_ATOMICS}, {28, 1, HWCAP_ASIMDRDM}, {44, 1, HWCAP_ASIMDDP},
};

static unsigned long capabilities(void)
{
    static unsigned long known;
    if (known != 0)
        return known;
    uint64_t sets = arch_instruction_sets();
    unsigned long found = HWCAP_FP | HWCAP_ASIMD;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if ((sets >> fields[i].shift & 15) >= fields[i].least)
            found |= fields[i].capability;
    known = found;
    return found;
}

unsigned long getauxval(unsigned long type)
{
    switch (type) {
    case AT_PAGESZ:
        return PAGE_SIZE;
    case AT_HWCAP:
        return capabilities();
    default:
        errno = ENOENT;
        return 0;
    }
}

/* The name under which GCC's support for atomic operations asks. */
unsigned long __getauxval(unsigned long type)
{
    return getauxval(type);
}
