/* What the native layer needs to know about x86-64. */
#ifndef MORGANA_ARCH_X86_64_H
#define MORGANA_ARCH_X86_64_H

#include <stdint.h>

#define PAGE_SIZE 4096ul

/* Thread pointer: %fs points at the thread block, whose first word points at
 * itself (ELF TLS variant II); thread-local variables lie below it. */
static inline void *arch_thread_pointer(void)
{
    void *tp;
    __asm__("movq %%fs:0, %0" : "=r"(tp));
    return tp;
}

static inline uint64_t arch_cycles(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static inline void arch_cpuid(uint32_t leaf, uint32_t sub, uint32_t out[4])
{
    __asm__ volatile("cpuid"
                     : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
                     : "a"(leaf), "c"(sub));
}

/* The interrupted instruction in a signal's ucontext_t (general registers at
 * offset 40, RIP the 17th). */
static inline void *arch_context_instruction(const void *context)
{
    return ((void *const *)context)[5 + 16];
}

#endif
