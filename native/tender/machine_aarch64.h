/* What the stub needs of Linux on AArch64: call numbers, the call itself, the first and the last instructions. */
#ifndef MORGANA_TENDER_MACHINE_AARCH64_H
#define MORGANA_TENDER_MACHINE_AARCH64_H

enum {
    CALL_lseek = 62,
    CALL_write = 64,
    CALL_pread64 = 67,
    CALL_capset = 91,
    CALL_exit_group = 94,
    CALL_sigaltstack = 132,
    CALL_rt_sigaction = 134,
    CALL_rt_sigprocmask = 135,
    CALL_prctl = 167,
    CALL_munmap = 215,
    CALL_mmap = 222,
    CALL_mprotect = 226,
    CALL_prlimit64 = 261,
    CALL_seccomp = 277,
    CALL_getrandom = 278,
    CALL_close_range = 436,
};

static inline long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
    return x0;
}

/* The kernel enters with the stack pointer at argc. */
__asm__(".text\n"
        ".globl _start\n"
        "_start:\n"
        "    mov x29, xzr\n"
        "    mov x30, xzr\n"
        "    mov x0, sp\n"
        "    and x1, x0, #-16\n"
        "    mov sp, x1\n"
        "    bl stub_main\n"
        "    brk #1\n");

/* Goes on with next(argument) on another stack; there is no way back. */
__attribute__((noreturn)) static inline void machine_switch(uint64_t stack, void (*next)(void *), void *argument)
{
    register void *x0 __asm__("x0") = argument;
    __asm__ volatile("mov sp, %0\n\t"
                     "mov x29, xzr\n\t"
                     "blr %1\n\t"
                     "brk #1"
                     :
                     : "r"(stack), "r"(next), "r"(x0)
                     : "memory", "x30");
    __builtin_unreachable();
}

/* Wipes [scratch, scratch_end), on which the caller's stack may lie, and enters the guest with nothing in the registers. */
__attribute__((noreturn)) static inline void machine_launch(uint64_t scratch, uint64_t scratch_end, uint64_t entry,
                                                            uint64_t stack, uint64_t argument)
{
    register uint64_t x1 __asm__("x1") = scratch;
    register uint64_t x2 __asm__("x2") = scratch_end;
    register uint64_t x3 __asm__("x3") = stack;
    register uint64_t x0 __asm__("x0") = argument;
    register uint64_t x16 __asm__("x16") = entry;
    __asm__ volatile("mov sp, x3\n"
                     "1:  cmp x1, x2\n\t"
                     "b.hs 2f\n\t"
                     "strb wzr, [x1], #1\n\t"
                     "b 1b\n"
                     "2:  mov x1, xzr\n\tmov x2, xzr\n\tmov x3, xzr\n\tmov x4, xzr\n\tmov x5, xzr\n\t"
                     "mov x6, xzr\n\tmov x7, xzr\n\tmov x8, xzr\n\tmov x9, xzr\n\tmov x10, xzr\n\t"
                     "mov x11, xzr\n\tmov x12, xzr\n\tmov x13, xzr\n\tmov x14, xzr\n\tmov x15, xzr\n\t"
                     "mov x17, xzr\n\tmov x18, xzr\n\tmov x19, xzr\n\tmov x20, xzr\n\tmov x21, xzr\n\t"
                     "mov x22, xzr\n\tmov x23, xzr\n\tmov x24, xzr\n\tmov x25, xzr\n\tmov x26, xzr\n\t"
                     "mov x27, xzr\n\tmov x28, xzr\n\tmov x29, xzr\n\tmov x30, xzr\n\t"
                     "br x16"
                     :
                     : "r"(x0), "r"(x1), "r"(x2), "r"(x3), "r"(x16)
                     : "memory", "cc");
    __builtin_unreachable();
}

#endif
