/* What the files of the report share. */
#ifndef MORGANA_REPORT_H
#define MORGANA_REPORT_H

#include "native.h"

/* registers_*.c, for a signal's context. */

/* Writes the registers on the console. */
void report_registers(const void *context);

/* Words of what the unwinder calls a context, of which only general registers are filled in. */
#define UNWIND_CONTEXT_WORDS 80
void report_unwind_context(const void *context, uint64_t words[UNWIND_CONTEXT_WORDS]);

/* As if the function had returned, for one that has just been called: jumps to where no code is, functions without a frame. */
void report_return_at_once(uint64_t words[UNWIND_CONTEXT_WORDS]);

#endif
