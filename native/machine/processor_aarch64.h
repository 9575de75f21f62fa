/* What the files of machine/ for AArch64 share, and the instructions that C has no words for. */
#ifndef MORGANA_PROCESSOR_AARCH64_H
#define MORGANA_PROCESSOR_AARCH64_H

#include "machine.h"

#define READ_REGISTER(name)                                                                                            \
    ({                                                                                                                 \
        uint64_t value_;                                                                                               \
        __asm__ volatile("mrs %0, " #name : "=r"(value_));                                                             \
        value_;                                                                                                        \
    })
#define WRITE_REGISTER(name, value)                                                                                    \
    __asm__ volatile("msr " #name ", %0\n\tisb" : : "r"((uint64_t)(value)) : "memory")

/* processor_aarch64.c: floating point, and a thread pointer that says that there is no thread. */
void processor_start(void);

/* processor_aarch64.c: makes the processor use these tables, with writable memory never executable (SCTLR_EL1.WXN). */
void processor_use_tables(uint64_t *root);

/* traps_aarch64.c: vectors, and the stack on which they run with its guards. */
void traps_start(void);

#endif
