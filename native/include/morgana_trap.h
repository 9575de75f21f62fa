/*
 * What an hvt guest leaves behind when it ends by a trap: the cookie of its halt hypercall (HVT_HALT_COOKIE_MAX, 512 bytes).
 *
 * The first 56 bytes on x86-64 are those that solo5-hvt's --dumpcore reads; a tender that knows no more takes them alone, and the
 * other registers as they were at the halt. With the magic number after them come all general registers as they were at the trap,
 * so that a debugger can walk the stack from the faulting instruction. This header stands alone; docs/debugging.md has it in words.
 * src/Morgana.Tender/Hvt/Debugging/Traps reads it. Every number is little endian; what is not used is zero.
 */
#ifndef MORGANA_TRAP_H
#define MORGANA_TRAP_H

#include <stddef.h>
#include <stdint.h>

#define MORGANA_TRAP_MAGIC 0x5041524dU /* "MRAP" */
#define MORGANA_TRAP_SIZE 512

struct morgana_trap_x86_64 {
    uint64_t cr2;        /* address of a page fault */
    uint64_t error_code; /* that the processor pushed, or 0 */
    uint64_t rip;
    uint64_t cs;
    uint64_t rflags;
    uint64_t rsp;
    uint64_t ss;
    uint32_t magic;  /* MORGANA_TRAP_MAGIC */
    uint32_t vector; /* number of the exception: 0 divide error, 6 invalid opcode, 13 protection, 14 page fault ... */
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t reserved[41];
};

/* solo5-hvt gives a cookie no meaning on AArch64, so this layout is free. */
struct morgana_trap_aarch64 {
    uint64_t far; /* address of a data or instruction abort (FAR_EL1) */
    uint64_t esr; /* exception syndrome (ESR_EL1) */
    uint64_t pc;  /* ELR_EL1 */
    uint64_t reserved0;
    uint64_t pstate; /* SPSR_EL1 */
    uint64_t sp;
    uint64_t reserved1;
    uint32_t magic;  /* MORGANA_TRAP_MAGIC */
    uint32_t vector; /* which of the 16 entries of the vector table: 0 synchronous on SP_EL0, 4 synchronous on SP_ELx ... */
    uint64_t x[31];
    uint64_t reserved[25];
};

_Static_assert(sizeof(struct morgana_trap_x86_64) == MORGANA_TRAP_SIZE, "512 bytes");
_Static_assert(offsetof(struct morgana_trap_x86_64, magic) == 56, "after what solo5-hvt reads");
_Static_assert(offsetof(struct morgana_trap_x86_64, rax) == 64, "general registers");
_Static_assert(sizeof(struct morgana_trap_aarch64) == MORGANA_TRAP_SIZE, "512 bytes");
_Static_assert(offsetof(struct morgana_trap_aarch64, magic) == 56, "as on x86-64");
_Static_assert(offsetof(struct morgana_trap_aarch64, x) == 64, "general registers");

#endif
