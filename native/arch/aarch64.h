/* What the native layer needs to know about AArch64. */
#ifndef MORGANA_ARCH_AARCH64_H
#define MORGANA_ARCH_AARCH64_H

#include <stdint.h>

#define PAGE_SIZE 4096ul

/* Thread pointer: TPIDR_EL0, which an image may write by itself. It points at
 * two words that belong to the loader (ELF TLS variant I); thread-local
 * variables lie above them, the thread block lies below. */
static inline void *arch_thread_pointer(void)
{
    void *tp;
    __asm__ volatile("mrs %0, tpidr_el0" : "=r"(tp));
    return tp;
}

static inline void arch_set_thread_pointer(uintptr_t tp)
{
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(tp) : "memory");
}

/* The virtual counter: slower than the processor's clock, but it never stops. The barrier keeps two readings in order, which
 * the processor otherwise need not do. */
static inline uint64_t arch_cycles(void)
{
    uint64_t count;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count) : : "memory");
    return count;
}

/*
 * ID_AA64ISAR0_EL1, what instructions there are. It is a register of EL1, but
 * Linux has answered programs that read it since 4.11 (its documentation:
 * cpu-feature-registers), without a system call, so no filter is in the way;
 * features that a program must not use read as zero there.
 */
static inline uint64_t arch_instruction_sets(void)
{
    uint64_t sets;
    __asm__("mrs %0, id_aa64isar0_el1" : "=r"(sets));
    return sets;
}

/* The interrupted instruction in a signal's ucontext_t: the machine's context
 * begins at 176 (it is 16-byte aligned), with the fault's address, 31
 * registers and the stack pointer before PC. */
static inline void *arch_context_instruction(const void *context)
{
    return ((void *const *)context)[22 + 1 + 31 + 1];
}

#endif
