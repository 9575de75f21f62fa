/* The registers in a signal's context (glibc's ucontext_t for x86-64: general registers from offset 40). */
#include "report.h"

enum { R8, R9, R10, R11, R12, R13, R14, R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP, RIP, FLAGS };

static const uint64_t *general(const void *context)
{
    return (const uint64_t *)context + 5;
}

void report_registers(const void *context)
{
    const uint64_t *r = general(context);
    console_message("rax %016lx rbx %016lx rcx %016lx rdx %016lx", r[RAX], r[RBX], r[RCX], r[RDX]);
    console_message("rsi %016lx rdi %016lx rbp %016lx rsp %016lx", r[RSI], r[RDI], r[RBP], r[RSP]);
    console_message("r8  %016lx r9  %016lx r10 %016lx r11 %016lx", r[R8], r[R9], r[R10], r[R11]);
    console_message("r12 %016lx r13 %016lx r14 %016lx r15 %016lx", r[R12], r[R13], r[R14], r[R15]);
    console_message("rip %016lx flags %lx", r[RIP], r[FLAGS]);
}

/* The order of LLVM's unwinder (Registers_x86_64). */
enum { UNWIND_STACK = 7, UNWIND_INSTRUCTION = 16 };

void report_unwind_context(const void *context, uint64_t words[UNWIND_CONTEXT_WORDS])
{
    static const uint8_t order[] = {RAX, RBX, RCX, RDX, RDI, RSI, RBP, RSP, R8,
                                    R9,  R10, R11, R12, R13, R14, R15, RIP, FLAGS};
    for (size_t i = 0; i < sizeof order; i++)
        words[i] = general(context)[order[i]];
}

void report_return_at_once(uint64_t words[UNWIND_CONTEXT_WORDS])
{
    words[UNWIND_INSTRUCTION] = *(const uint64_t *)words[UNWIND_STACK];
    words[UNWIND_STACK] += 8;
}
