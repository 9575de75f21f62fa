/* Console, clocks, sleep, exit. */
#include "native.h"
#include "solo5.h"
#include "solo5_manifest.h"
#include "solo5_spt.h"
#include "syscall.h"

#define CONSOLE_DESCRIPTOR 1

void solo5_console_write(const char *text, size_t size)
{
    while (size > 0) {
        long written = spt_syscall(SYS_WRITE, CONSOLE_DESCRIPTOR, (long)text, (long)size, 0, 0, 0);
        if (written == -EINTR || written == -EAGAIN)
            continue;
        if (written <= 0)
            return; /* nobody listens any more */
        text += written;
        size -= (size_t)written;
    }
}

static uint64_t clock_now(long clock)
{
    struct timespec now;
    spt_syscall(SYS_CLOCK_GETTIME, clock, (long)&now, 0, 0, 0, 0);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

solo5_time_t solo5_clock_monotonic(void)
{
    return clock_now(CLOCK_MONOTONIC);
}

solo5_time_t solo5_clock_wall(void)
{
    return clock_now(CLOCK_REALTIME);
}

struct epoll_event {
    uint32_t events;
    uint64_t data;
}
#if defined(__x86_64__)
__attribute__((packed))
#endif
;

struct itimerspec {
    struct timespec interval;
    struct timespec value;
};

#define EVENTS_MAX 64 /* 63 devices and the timer */

void solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready_set)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t ready = 0;
    long count;
    /* A deadline that has passed is a look at the devices; the timer need not be set. */
    bool look = deadline <= 1;
    /* Set for this deadline already, it either still runs or has expired and can be read: both are what is wanted. */
    static solo5_time_t armed;
    if (!look && deadline != armed) {
        /* An absolute time of zero would disarm the timer: the sleep never ended. */
        uint64_t seconds = deadline / 1000000000;
        if (seconds > INT64_MAX / 2000000000)
            seconds = INT64_MAX / 2000000000;
        const struct itimerspec at = {.value = {(int64_t)seconds, (int64_t)(deadline % 1000000000 | 1)}};
        if (spt_syscall(SYS_TIMERFD_SETTIME, spt_boot->timer_descriptor, 1 /* absolute */, (long)&at, 0, 0, 0) != 0)
            fatal("the tender's timer failed");
        armed = deadline;
    }
    /* The filter pins the first argument only: as many events as fit. */
    do
        count = spt_syscall(SYS_EPOLL_PWAIT, spt_boot->epoll_descriptor, (long)events, EVENTS_MAX, look ? 0 : -1, 0, 0);
    while (count == -EINTR);
    if (count < 0)
        fatal("waiting for the devices failed with error %ld", -count);
    for (long i = 0; i < count; i++) {
        if (events[i].data != SPT_TIMER_EVENT && events[i].data < 64)
            ready |= 1ull << events[i].data;
    }
    if (ready_set != NULL)
        *ready_set = ready;
}

solo5_result_t solo5_set_tls_base(uintptr_t base)
{
#if defined(__x86_64__)
    return spt_syscall(SYS_ARCH_PRCTL, ARCH_SET_FS, (long)base, 0, 0, 0, 0) == 0 ? SOLO5_R_OK : SOLO5_R_EINVAL;
#else
    arch_set_thread_pointer(base);
    return SOLO5_R_OK;
#endif
}

_Noreturn void solo5_exit(int status)
{
    for (;;)
        spt_syscall(SYS_EXIT_GROUP, status, 0, 0, 0, 0, 0);
}

_Noreturn void solo5_abort(void)
{
    solo5_exit(SOLO5_EXIT_ABORT);
}
