/* The processor's modes: floating point, caches, memory translation, the thread pointer. */
#include "processor_aarch64.h"

#include "../threads/thread.h"
#include "layout_aarch64.h"

/* TCR_EL1 for one half of the addresses: walks cached and inner shareable, 4 KiB pages, TABLE_BITS of address. */
#define TCR_LOWER        ((64ull - TABLE_BITS) | 1ull << 8 | 1ull << 10 | 3ull << 12)
#define TCR_UPPER        ((64ull - TABLE_BITS) << 16 | 1ull << 24 | 1ull << 26 | 3ull << 28 | 2ull << 30)
#define TCR_NO_LOWER     (1ull << 7)  /* EPD0 */
#define TCR_NO_UPPER     (1ull << 23) /* EPD1 */
#define TCR_PHYSICAL(size) ((uint64_t)(size) << 32)
#define PHYSICAL_40_BITS 2

#define SCTLR_MMU             (1ull << 0)
#define SCTLR_DATA_CACHE      (1ull << 2)
#define SCTLR_STACK_ALIGNMENT (1ull << 3)
#define SCTLR_CODE_CACHE      (1ull << 12)
#define SCTLR_WRITE_OR_EXECUTE (1ull << 19) /* WXN */
#define SCTLR_ONES            0x30d00800ull /* bits that are one in ARMv8.0 */

#define FPEN (3ull << 20) /* CPACR_EL1: floating point and Advanced SIMD do not trap */

/* vectors_aarch64.S */
void machine_switch_tables(const uint64_t *root, uint64_t tcr_both, uint64_t tcr_last, uint64_t sctlr);

/* The thread as long as there is none: what goes wrong by then is reported, too. */
static struct thread boot = {.name = "boot"};

void processor_start(void)
{
    if ((READ_REGISTER(CurrentEL) >> 2 & 3) != 1)
        fatal("the tender starts images at EL%lu of the processor, not at EL1", READ_REGISTER(CurrentEL) >> 2 & 3);
    WRITE_REGISTER(cpacr_el1, FPEN);
    WRITE_REGISTER(fpcr, 0);
    WRITE_REGISTER(fpsr, 0);
    machine_set_thread_pointer((uintptr_t)&boot + THREAD_POINTER_OFFSET);
}

void processor_use_tables(uint64_t *root)
{
    uint64_t physical = READ_REGISTER(id_aa64mmfr0_el1) & 15;
    uint64_t tcr = TCR_LOWER | TCR_UPPER | TCR_PHYSICAL(physical < PHYSICAL_40_BITS ? physical : PHYSICAL_40_BITS);
    /* The tender's attributes have the same numbers. */
    WRITE_REGISTER(mair_el1, LAYOUT_ATTRIBUTES);
    machine_switch_tables(root, tcr, tcr | TCR_NO_UPPER,
                          SCTLR_ONES | SCTLR_MMU | SCTLR_DATA_CACHE | SCTLR_STACK_ALIGNMENT | SCTLR_CODE_CACHE |
                              SCTLR_WRITE_OR_EXECUTE);
}

void machine_set_thread_pointer(uintptr_t base)
{
    arch_set_thread_pointer(base);
}
