/* Console, clocks, sleep, exit. */
#include "unix.h"

#define CONSOLE_DESCRIPTOR 1
#define EVENTS_MAX         128

#define CLOEXEC      0x80000
#define EPOLL_ADD    1
#define EPOLL_READ   1u
#define TIMER_ABSOLUTE 1

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

static int epoll, timer;

void machine_init(void)
{
    epoll = (int)unix_syscall(SYS_EPOLL_CREATE1, CLOEXEC, 0, 0, 0, 0, 0);
    timer = (int)unix_syscall(SYS_TIMERFD_CREATE, CLOCK_MONOTONIC, CLOEXEC, 0, 0, 0, 0);
    if (epoll < 0 || timer < 0)
        refuse(EXIT_HOST, "no descriptors for waiting: raise ulimit -n");
    machine_watch(timer, TIMER_EVENT);
}

void machine_watch(int descriptor, uint64_t event)
{
    const struct epoll_event what = {.events = EPOLL_READ, .data = event};
    long result = unix_syscall(SYS_EPOLL_CTL, epoll, EPOLL_ADD, descriptor, (long)&what, 0, 0);
    if (result != 0)
        refuse(EXIT_HOST, "descriptor %d cannot be waited for (error %ld): a device must be a TAP or a socket", descriptor,
               -result);
}

void solo5_console_write(const char *text, size_t size)
{
    while (size > 0) {
        long written = unix_syscall(SYS_WRITE, CONSOLE_DESCRIPTOR, (long)text, (long)size, 0, 0, 0);
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
    unix_syscall(SYS_CLOCK_GETTIME, clock, (long)&now, 0, 0, 0, 0);
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
        uint64_t seconds = deadline / 1000000000;
        if (seconds > INT64_MAX / 2000000000)
            seconds = INT64_MAX / 2000000000;
        /* An absolute time of zero would disarm the timer: the sleep never ended. */
        const struct itimerspec at = {.value = {(int64_t)seconds, (int64_t)(deadline % 1000000000 | 1)}};
        if (unix_syscall(SYS_TIMERFD_SETTIME, timer, TIMER_ABSOLUTE, (long)&at, 0, 0, 0) != 0)
            fatal("the timer failed");
        armed = deadline;
    }
    do
        count = unix_syscall(SYS_EPOLL_PWAIT, epoll, (long)events, EVENTS_MAX, look ? 0 : -1, 0, 0);
    while (count == -EINTR);
    if (count < 0)
        fatal("waiting for the devices failed with error %ld", -count);
    /* What was not read is reported again. */
    sockets_forget_ready();
    for (long i = 0; i < count; i++) {
        uint64_t event = events[i].data;
        if (event < DEVICES_MAX)
            ready |= 1ull << event;
        else if ((event & SOCKET_EVENT) != 0) {
            sockets_note_ready((int)(uint32_t)event);
            ready |= 1ull << SOCKETS_HANDLE;
        }
    }
    if (ready_set != NULL)
        *ready_set = ready;
}

solo5_result_t solo5_set_tls_base(uintptr_t base)
{
#if defined(__x86_64__)
    return unix_syscall(SYS_ARCH_PRCTL, ARCH_SET_FS, (long)base, 0, 0, 0, 0) == 0 ? SOLO5_R_OK : SOLO5_R_EINVAL;
#else
    arch_set_thread_pointer(base);
    return SOLO5_R_OK;
#endif
}

_Noreturn void solo5_exit(int status)
{
    for (;;)
        unix_syscall(SYS_EXIT_GROUP, status, 0, 0, 0, 0, 0);
}

_Noreturn void solo5_abort(void)
{
    solo5_exit(SOLO5_EXIT_ABORT);
}
