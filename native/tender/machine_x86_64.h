/* What the stub needs of Linux on x86-64: call numbers, the call itself, the first and the last instructions. */
#ifndef MORGANA_TENDER_MACHINE_X86_64_H
#define MORGANA_TENDER_MACHINE_X86_64_H

enum {
    CALL_write = 1,
    CALL_lseek = 8,
    CALL_mmap = 9,
    CALL_mprotect = 10,
    CALL_munmap = 11,
    CALL_rt_sigaction = 13,
    CALL_rt_sigprocmask = 14,
    CALL_pread64 = 17,
    CALL_capset = 126,
    CALL_sigaltstack = 131,
    CALL_prctl = 157,
    CALL_exit_group = 231,
    CALL_prlimit64 = 302,
    CALL_seccomp = 317,
    CALL_getrandom = 318,
    CALL_close_range = 436,
};

static inline long call(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* The kernel enters with the stack pointer at argc. */
__asm__(".text\n"
        ".globl _start\n"
        "_start:\n"
        "    xorl %ebp, %ebp\n"
        "    movq %rsp, %rdi\n"
        "    andq $-16, %rsp\n"
        "    call stub_main\n"
        "    ud2\n");

/* Goes on with next(argument) on another stack; there is no way back. */
__attribute__((noreturn)) static inline void machine_switch(uint64_t stack, void (*next)(void *), void *argument)
{
    __asm__ volatile("movq %0, %%rsp\n\t"
                     "xorl %%ebp, %%ebp\n\t"
                     "call *%1\n\t"
                     "ud2"
                     :
                     : "r"(stack), "r"(next), "D"(argument)
                     : "memory");
    __builtin_unreachable();
}

/* Wipes [scratch, scratch_end), on which the caller's stack may lie, and enters the guest with nothing in the registers. */
__attribute__((noreturn)) static inline void machine_launch(uint64_t scratch, uint64_t scratch_end, uint64_t entry,
                                                            uint64_t stack, uint64_t argument)
{
    register uint64_t r8 __asm__("r8") = entry;
    register uint64_t r9 __asm__("r9") = stack;
    register uint64_t r10 __asm__("r10") = argument;
    __asm__ volatile("movq %%r9, %%rsp\n\t"
                     "xorl %%eax, %%eax\n\t"
                     "cld\n\t"
                     "rep stosb\n\t"
                     "movq %%r10, %%rdi\n\t"
                     "xorl %%ebx, %%ebx\n\t"
                     "xorl %%edx, %%edx\n\t"
                     "xorl %%esi, %%esi\n\t"
                     "xorl %%ebp, %%ebp\n\t"
                     "xorl %%r9d, %%r9d\n\t"
                     "xorl %%r10d, %%r10d\n\t"
                     "xorl %%r11d, %%r11d\n\t"
                     "xorl %%r12d, %%r12d\n\t"
                     "xorl %%r13d, %%r13d\n\t"
                     "xorl %%r14d, %%r14d\n\t"
                     "xorl %%r15d, %%r15d\n\t"
                     "jmp *%%r8"
                     :
                     : "D"(scratch), "c"(scratch_end - scratch), "r"(r8), "r"(r9), "r"(r10)
                     : "memory");
    __builtin_unreachable();
}

#endif
