/*
 * The report before an image ends because of a fault: what happened, the registers, the stack as addresses, and then, from a
 * thread of its own, the stack again with the names of C# methods, which only C# can tell. What is surest comes first: the
 * faulting program may have left anything in any state, and a fault in here ends the image with what is said by then.
 */
#include "report.h"

#include <stdarg.h>

#include "../libc/format.h"
#include "solo5.h"

/* Shown of a deep stack: its innermost frames and its outermost, and how many lie between. */
#define INNER 12
#define OUTER 12
#define MOST  1000000 /* walked */

extern const char __text_start[], __text_end[];

/* The runtime's unwinder, if there is a runtime. */
#define ABSENT __attribute__((weak))
ABSENT int __unw_init_local(void *cursor, void *context);
ABSENT int __unw_step(void *cursor);
ABSENT int __unw_get_reg(void *cursor, int number, uint64_t *value);
#define UNWIND_CURSOR_WORDS 400
#define UNWIND_INSTRUCTION (-1)

static uintptr_t inner[INNER], outer[OUTER];
static int inner_count, outer_count, outer_next; /* outer is a ring */
static long between;

static bool is_code(uint64_t address)
{
    return address >= (uintptr_t)__text_start && address < (uintptr_t)__text_end;
}

static void add(uint64_t instruction)
{
    if (inner_count < INNER) {
        inner[inner_count++] = instruction;
        return;
    }
    if (outer_count < OUTER)
        outer_count++;
    else
        between++;
    outer[outer_next] = instruction;
    outer_next = (outer_next + 1) % OUTER;
}

/* The ring's oldest first. */
static void order_outer(void)
{
    uintptr_t ordered[OUTER];
    int oldest = outer_count < OUTER ? 0 : outer_next;
    for (int i = 0; i < outer_count; i++)
        ordered[i] = outer[(oldest + i) % OUTER];
    memcpy(outer, ordered, sizeof ordered[0] * (size_t)outer_count);
}

static void walk(const void *context)
{
    static uint64_t unwind[UNWIND_CONTEXT_WORDS], cursor[UNWIND_CURSOR_WORDS];
    uint64_t at = (uintptr_t)arch_context_instruction(context);
    add(at);
    if (__unw_init_local == NULL)
        return;
    report_unwind_context(context, unwind);
    if (__unw_init_local(cursor, unwind) != 0)
        return;
    if (!is_code(at) || __unw_step(cursor) <= 0) {
        report_return_at_once(unwind);
        if (__unw_init_local(cursor, unwind) != 0)
            return;
    }
    do {
        uint64_t instruction = 0;
        if (__unw_get_reg(cursor, UNWIND_INSTRUCTION, &instruction) != 0 || !is_code(instruction))
            return;
        add(instruction);
    } while (between < MOST && __unw_step(cursor) > 0);
}

/* Given by C# (Morgana.Runtime's FaultReport): writes a line for each address. */
typedef void (*describer)(const uintptr_t *addresses, int count);
static describer describe;

void morgana_report_with(describer names)
{
    describe = names;
}

bool report_has_names(void)
{
    return describe != NULL;
}

static void describe_frames(void *unused)
{
    (void)unused;
    describe(inner, inner_count);
    if (between > 0)
        console_message("%ld frames more, then", between);
    describe(outer, outer_count);
    solo5_abort();
}

static void show(const char *what, const uintptr_t *addresses, int count)
{
    char line[OUTER * 19 + 1] = "";
    size_t length = 0;
    for (int i = 0; i < count; i++)
        length += (size_t)snprintf(line + length, sizeof line - length, " 0x%lx", addresses[i]);
    if (count > 0)
        console_message("%s%s", what, line);
}

_Noreturn void report_fault(const void *context, const char *format, ...)
{
    static unsigned depth;
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (depth++ > 0) {
        if (depth == 2)
            console_message("the report ends here: %s", text);
        solo5_abort();
    }
    console_message("%s", text);
    report_registers(context);
    walk(context);
    order_outer();
    show("stack", inner, inner_count);
    if (between > 0)
        console_message("%ld frames more, then", between);
    show("stack", outer, outer_count);
    if (describe != NULL)
        threads_end_with(describe_frames);
    solo5_abort();
}
