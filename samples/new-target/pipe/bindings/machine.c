/* Console, clocks, sleep, exit. Standard output is the network: the console is standard error. */
#include "pipe.h"

#define CONSOLE     2
#define ARCH_SET_FS 0x1002

void solo5_console_write(const char *text, size_t size)
{
    while (size > 0) {
        long written = pipe_syscall(SYS_WRITE, CONSOLE, (long)text, (long)size, 0, 0, 0);
        if (written == -EINTR)
            continue;
        if (written <= 0)
            return;
        text += written;
        size -= (size_t)written;
    }
}

static uint64_t now(long clock)
{
    struct timespec time;
    pipe_syscall(SYS_CLOCK_GETTIME, clock, (long)&time, 0, 0, 0, 0);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

solo5_time_t solo5_clock_monotonic(void)
{
    return now(CLOCK_MONOTONIC);
}

solo5_time_t solo5_clock_wall(void)
{
    return now(CLOCK_REALTIME);
}

/* All that the scheduler asks for: sleep until the deadline or a packet. Timers of C# stand on it. */
void solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready_set)
{
    uint64_t time = deadline <= 1 ? 0 : solo5_clock_monotonic();
    uint64_t left = deadline > time && time > 0 ? deadline - time : 0;
    const struct timespec wait = {(int64_t)(left / 1000000000), (int64_t)(left % 1000000000)};
    bool ready = pipe_wait(deadline == NEVER ? NULL : &wait);
    if (ready_set != NULL)
        *ready_set = ready ? 1ull << 1 : 0;
}

solo5_result_t solo5_set_tls_base(uintptr_t base)
{
    return pipe_syscall(SYS_ARCH_PRCTL, ARCH_SET_FS, (long)base, 0, 0, 0, 0) == 0 ? SOLO5_R_OK : SOLO5_R_EINVAL;
}

_Noreturn void solo5_exit(int status)
{
    for (;;)
        pipe_syscall(SYS_EXIT_GROUP, status, 0, 0, 0, 0, 0);
}

_Noreturn void solo5_abort(void)
{
    solo5_exit(SOLO5_EXIT_ABORT);
}
