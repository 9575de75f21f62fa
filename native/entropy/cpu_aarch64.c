/* RNDRRS, which reseeds for each number, else RNDR (Arm ARM, FEAT_RNG; both or none are there). */
#include "native.h"

/* Bits 63:60 of ID_AA64ISAR0_EL1. */
#define RNDR_SHIFT 60

/* Both set the flags: Z when the generator could not answer in time. */
static bool rndrrs(uint64_t *word)
{
    uint32_t ok;
    __asm__ volatile("mrs %0, s3_3_c2_c4_1\n\tcset %w1, ne" : "=r"(*word), "=r"(ok) : : "cc");
    return ok;
}

static bool rndr(uint64_t *word)
{
    uint32_t ok;
    __asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %w1, ne" : "=r"(*word), "=r"(ok) : : "cc");
    return ok;
}

bool entropy_cpu(uint64_t *words, size_t count)
{
    /* Under Linux the register is emulated by a trap: asked once. */
    static int known;
    static bool present;
    if (known == 0) {
        present = (arch_instruction_sets() >> RNDR_SHIFT) != 0;
        known = 1;
    }
    if (!present)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool ok = false;
        for (int attempt = 0; !ok && attempt < 10; attempt++)
            ok = rndrrs(&words[i]);
        for (int attempt = 0; !ok && attempt < 10; attempt++)
            ok = rndr(&words[i]);
        /* A generator that answers all ones is broken. */
        if (!ok || words[i] == UINT64_MAX)
            return false;
    }
    return true;
}
