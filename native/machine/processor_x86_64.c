/* The processor's modes: write protection and no-execute, vector registers, the thread pointer. */
#include "processor_x86_64.h"

#define LEAF1_ECX_XSAVE (1u << 26)
#define LEAF7_EBX_FSGSBASE (1u << 0)
#define LEAF7_EBX_AVX512F (1u << 16)
#define EXTENDED1_EDX_NO_EXECUTE (1u << 20)

#define STATE_X87_SSE 3ull
#define STATE_AVX 4ull
#define STATE_AVX512 0xe0ull

#define FXSAVE_SIZE 512

/* What the trap path keeps on its stack. */
uint64_t machine_float_size = FXSAVE_SIZE;
uint8_t machine_float_extended;

static bool has_fsgsbase;

/* What stands for the thread block as long as there is none: `current()` reads a pointer at its start, and compiled code
 * the stack protector's canary at 0x28. */
static uint64_t no_thread[8];

static void floating_point_start(uint32_t leaf1_ecx, uint32_t leaf7_ebx, uint32_t most)
{
    write_cr0((read_cr0() & ~(CR0_EMULATION | CR0_TASK_SWITCHED)) | CR0_MONITOR_COPROCESSOR | CR0_NUMERIC_ERROR);
    uint64_t cr4 = read_cr4() | CR4_FXSR | CR4_XMM_EXCEPTIONS;
    if ((leaf1_ecx & LEAF1_ECX_XSAVE) != 0 && most >= 13)
        cr4 |= CR4_XSAVE;
    write_cr4(cr4);
    __asm__ volatile("fninit");
    const uint32_t control = 0x1f80; /* all exceptions masked, round to nearest */
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
    if ((cr4 & CR4_XSAVE) == 0)
        return;

    /* Nothing beyond vectors is enabled: what is not cannot be used, and need not be kept. */
    uint32_t leaf[4];
    arch_cpuid(13, 0, leaf);
    uint64_t state = (leaf[0] | (uint64_t)leaf[3] << 32) & (STATE_X87_SSE | STATE_AVX | STATE_AVX512);
    if ((state & STATE_AVX) == 0 || (leaf7_ebx & LEAF7_EBX_AVX512F) == 0 || (state & STATE_AVX512) != STATE_AVX512)
        state &= ~STATE_AVX512;
    __asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)state), "d"((uint32_t)(state >> 32)));
    arch_cpuid(13, 0, leaf); /* EBX: the size for what is enabled now */
    machine_float_size = leaf[1];
    machine_float_extended = 1;
}

void processor_start(void)
{
    uint32_t leaf[4];
    arch_cpuid(0x80000000u, 0, leaf);
    bool no_execute = false;
    if (leaf[0] >= 0x80000001u) {
        arch_cpuid(0x80000001u, 0, leaf);
        no_execute = (leaf[3] & EXTENDED1_EDX_NO_EXECUTE) != 0;
    }
    if (!no_execute)
        fatal("this processor cannot keep data from being executed (CPUID has no NX): images do not run on it");
    write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NO_EXECUTE);
    write_cr0(read_cr0() | CR0_WRITE_PROTECT);

    arch_cpuid(0, 0, leaf);
    uint32_t most = leaf[0], leaf7_ebx = 0;
    if (most >= 7) {
        arch_cpuid(7, 0, leaf);
        leaf7_ebx = leaf[1];
    }
    if ((leaf7_ebx & LEAF7_EBX_FSGSBASE) != 0) {
        write_cr4(read_cr4() | CR4_FSGSBASE);
        has_fsgsbase = true;
    }
    machine_set_thread_pointer((uintptr_t)no_thread);
    arch_cpuid(1, 0, leaf);
    floating_point_start(leaf[2], leaf7_ebx, most);
}

void machine_set_thread_pointer(uintptr_t base)
{
    /* The instruction takes a fraction of what the register's other name does. */
    if (has_fsgsbase)
        __asm__ volatile("wrfsbase %0" : : "r"(base) : "memory");
    else
        write_msr(MSR_FS_BASE, base);
}
