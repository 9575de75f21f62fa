/* What the files of machine/ for x86-64 share, and the instructions that C has no words for. */
#ifndef MORGANA_PROCESSOR_X86_64_H
#define MORGANA_PROCESSOR_X86_64_H

#include "machine.h"

/* processor_x86_64.c: what the processor must have, its modes, floating point. */
void processor_start(void);

/* traps_x86_64.c */
void traps_start(void);

#define CR0_MONITOR_COPROCESSOR (1ul << 1)
#define CR0_EMULATION           (1ul << 2)
#define CR0_TASK_SWITCHED       (1ul << 3)
#define CR0_NUMERIC_ERROR       (1ul << 5)
#define CR0_WRITE_PROTECT       (1ul << 16)
#define CR4_FXSR                (1ul << 9)
#define CR4_XMM_EXCEPTIONS      (1ul << 10)
#define CR4_FSGSBASE            (1ul << 16)
#define CR4_XSAVE               (1ul << 18)

#define MSR_EFER          0xc0000080u
#define MSR_FS_BASE       0xc0000100u
#define EFER_NO_EXECUTE   (1ul << 11)

#define DEFINE_CONTROL_REGISTER(name)                                                                                  \
    static inline uint64_t read_##name(void)                                                                           \
    {                                                                                                                  \
        uint64_t value;                                                                                                \
        __asm__ volatile("movq %%" #name ", %0" : "=r"(value));                                                        \
        return value;                                                                                                  \
    }                                                                                                                  \
    static inline void write_##name(uint64_t value)                                                                    \
    {                                                                                                                  \
        __asm__ volatile("movq %0, %%" #name : : "r"(value) : "memory");                                               \
    }
DEFINE_CONTROL_REGISTER(cr0)
DEFINE_CONTROL_REGISTER(cr2)
DEFINE_CONTROL_REGISTER(cr3)
DEFINE_CONTROL_REGISTER(cr4)

static inline uint64_t read_msr(uint32_t number)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return (uint64_t)high << 32 | low;
}

static inline void write_msr(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

#endif
