/* The registers in a signal's context (ucontext_t for arm64: at offset 184 x0 to x30, sp, pc, pstate). */
#include "report.h"

enum { LINK = 30, STACK = 31, INSTRUCTION = 32, STATE = 33 };

static const uint64_t *general(const void *context)
{
    return (const uint64_t *)context + 23;
}

void report_registers(const void *context)
{
    const uint64_t *r = general(context);
    for (int i = 0; i < 28; i += 4)
        console_message("x%-2d %016lx x%-2d %016lx x%-2d %016lx x%-2d %016lx", i, r[i], i + 1, r[i + 1], i + 2, r[i + 2],
                        i + 3, r[i + 3]);
    console_message("x28 %016lx fp  %016lx lr  %016lx sp  %016lx", r[28], r[29], r[LINK], r[STACK]);
    console_message("pc  %016lx state %lx", r[INSTRUCTION], r[STATE]);
}

/* The order of LLVM's unwinder (Registers_arm64) is the same. */
void report_unwind_context(const void *context, uint64_t words[UNWIND_CONTEXT_WORDS])
{
    for (int i = 0; i <= INSTRUCTION; i++)
        words[i] = general(context)[i];
}

void report_return_at_once(uint64_t words[UNWIND_CONTEXT_WORDS])
{
    words[INSTRUCTION] = words[LINK];
}
