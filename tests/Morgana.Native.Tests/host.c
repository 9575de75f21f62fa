/* What the tested parts ask of the rest of the layer, on the host. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../native/include/solo5.h"

/* The allocator's state is its own: to begin with fresh memory, it is part of this file. */
#include "../../native/memory/heap.c"

void heap_forget(void);
void heap_forget(void)
{
    for (unsigned class = 0; class < CLASS_COUNT; class++)
        partial[class] = NULL;
}

#undef vsnprintf
int vsnprintf(char *, size_t, const char *, va_list);

void console_message(const char *format, ...)
{
    (void)format;
}

char last_fatal[256];

_Noreturn void fatal(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_fatal, sizeof last_fatal, format, arguments);
    va_end(arguments);
    fputs(last_fatal, stderr);
    abort();
}

static uint64_t ticks;

/* A clock that a test could foresee: the generator must not need another. */
solo5_time_t solo5_clock_monotonic(void)
{
    return ++ticks;
}

solo5_time_t solo5_clock_wall(void)
{
    return ++ticks;
}

bool entropy_cpu(uint64_t *words, size_t count)
{
    (void)words, (void)count;
    return false;
}

/* The host's own printf, to compare with; variadic calls are C's business. */
int native_snprintf(char *, size_t, const char *, ...);
#undef snprintf
int snprintf(char *, size_t, const char *, ...);

int format_both_integer(char *ours, char *theirs, size_t size, const char *format, int64_t value)
{
    int a = native_snprintf(ours, size, format, value);
    int b = snprintf(theirs, size, format, value);
    return a == b;
}

int format_both_text(char *ours, char *theirs, size_t size, const char *format, const char *value)
{
    int a = native_snprintf(ours, size, format, value);
    int b = snprintf(theirs, size, format, value);
    return a == b;
}
