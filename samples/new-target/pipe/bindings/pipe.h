/* What the files of these bindings offer each other. */
#ifndef PIPE_H
#define PIPE_H

#include "native.h"
#include "solo5.h"

enum {
    SYS_READ = 0,
    SYS_WRITE = 1,
    SYS_MMAP = 9,
    SYS_ARCH_PRCTL = 158,
    SYS_CLOCK_GETTIME = 228,
    SYS_EXIT_GROUP = 231,
    SYS_PPOLL = 271,
    SYS_GETRANDOM = 318,
};

/* Negative results are error numbers. */
long pipe_syscall(long number, long a, long b, long c, long d, long e, long f);

/* True when a packet can be read; waits for one for that time, or for ever when it is null. */
bool pipe_wait(const struct timespec *time);

#endif
