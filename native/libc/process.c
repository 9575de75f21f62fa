/*
 * What a process is asked about itself: one processor, one process, no users,
 * memory as the tender gave it.
 */
#include "native.h"
#include "solo5.h"

#define EXIT_HANDLERS 32

static void (*exit_handler[EXIT_HANDLERS])(void);
static unsigned exit_handlers;

int atexit(void (*handler)(void))
{
    if (exit_handlers == EXIT_HANDLERS)
        return -1;
    exit_handler[exit_handlers++] = handler;
    return 0;
}

/* Destructors of C++ statics: the machine goes away with all they hold. */
int __cxa_atexit(void (*destructor)(void *), void *object, void *library)
{
    (void)destructor, (void)object, (void)library;
    return 0;
}

_Noreturn void exit(int status)
{
    while (exit_handlers > 0)
        exit_handler[--exit_handlers]();
    solo5_exit(status);
}

_Noreturn void _exit(int status)
{
    solo5_exit(status);
}

_Noreturn void abort(void)
{
    solo5_abort();
}

int kill(pid_t process, int signal)
{
    (void)process;
    if (signal == 0)
        return 0;
    solo5_exit(128 + signal);
}

int raise(int signal)
{
    return kill(1, signal);
}

pid_t getpid(void)
{
    return 1;
}

pid_t getppid(void)
{
    return 0;
}

unsigned geteuid(void)
{
    return 0;
}

unsigned getuid(void)
{
    return 0;
}

unsigned getegid(void)
{
    return 0;
}

int getgroups(int size, unsigned *groups)
{
    (void)size, (void)groups;
    return 0;
}

int getpwuid_r(unsigned user, void *entry, char *buffer, size_t size, void **result)
{
    (void)user, (void)entry, (void)buffer, (void)size;
    *result = NULL;
    return ENOENT;
}

pid_t fork(void)
{
    errno = ENOSYS;
    return -1;
}

int execv(const char *path, char *const arguments[])
{
    (void)path, (void)arguments;
    errno = ENOSYS;
    return -1;
}

pid_t waitpid(pid_t process, int *status, int options)
{
    (void)process, (void)status, (void)options;
    errno = ECHILD;
    return -1;
}

int prctl(int option, ...)
{
    (void)option;
    errno = EINVAL;
    return -1;
}

int getrlimit64(int resource, struct rlimit *limit)
{
    (void)resource;
    *limit = (struct rlimit){UINT64_MAX, UINT64_MAX};
    return 0;
}

int getrlimit(int resource, struct rlimit *limit)
{
    return getrlimit64(resource, limit);
}

int setrlimit64(int resource, const struct rlimit *limit)
{
    (void)resource, (void)limit;
    return 0;
}

struct rusage {
    struct timeval user;
    struct timeval system;
    long rest[14];
};

/* The thread pool measures its own share of the CPU: it is all of it. */
int getrusage(int who, struct rusage *usage)
{
    (void)who;
    uint64_t now = solo5_clock_monotonic();
    *usage = (struct rusage){.user = {(int64_t)(now / 1000000000), (int64_t)(now % 1000000000 / 1000)}};
    return 0;
}

#define SC_CLK_TCK          2
#define SC_PAGESIZE         30
#define SC_NPROCESSORS_CONF 83
#define SC_NPROCESSORS_ONLN 84
#define SC_PHYS_PAGES       85
#define SC_AVPHYS_PAGES     86

long sysconf(int name)
{
    switch (name) {
    case SC_CLK_TCK:
        return 100;
    case SC_PAGESIZE:
        return (long)PAGE_SIZE;
    case SC_NPROCESSORS_CONF:
    case SC_NPROCESSORS_ONLN:
        return 1;
    case SC_PHYS_PAGES:
        return (long)pages_total();
    case SC_AVPHYS_PAGES:
        return (long)pages_free_count();
    default:
        return -1;
    }
}

int getpagesize(void)
{
    return (int)PAGE_SIZE;
}

struct sysinfo {
    long uptime;
    unsigned long loads[3];
    unsigned long total, available, shared, buffers, swap_total, swap_free;
    unsigned short processes;
    unsigned long high_total, high_free;
    unsigned unit;
};

int sysinfo(struct sysinfo *info)
{
    *info = (struct sysinfo){
        .uptime = (long)(solo5_clock_monotonic() / 1000000000),
        .total = pages_total() * PAGE_SIZE,
        .available = pages_free_count() * PAGE_SIZE,
        .processes = 1,
        .unit = 1,
    };
    return 0;
}

int sched_getaffinity(pid_t process, size_t size, uint8_t *set)
{
    (void)process;
    memset(set, 0, size);
    set[0] = 1;
    return 0;
}

/* Sets of processors, for which glibc has functions. */
int __sched_cpucount(size_t size, const uint8_t *set)
{
    int count = 0;
    for (size_t i = 0; i < size; i++)
        count += __builtin_popcount(set[i]);
    return count;
}

void *__sched_cpualloc(size_t count)
{
    return calloc((count + 63) / 64, 8);
}

void __sched_cpufree(void *set)
{
    free(set);
}

int uname(struct utsname *name)
{
    *name = (struct utsname){.sysname = "Linux", .release = "0", .version = "Morgana"};
    return 0;
}

#if defined(__x86_64__)
#define SYS_MEMBARRIER 324
#define SYS_GETTID     186
#else
#define SYS_MEMBARRIER 283
#define SYS_GETTID     178
#endif

/* The runtime's few calls by number. */
long syscall(long number, long first, ...)
{
    if (number == SYS_MEMBARRIER)
        return first == 0 ? 8 | 16 : 0; /* private expedited, and its registration: one CPU needs no barrier */
    if (number == SYS_GETTID)
        return (long)((uintptr_t)arch_thread_pointer() >> 6 & INT32_MAX);
    errno = ENOSYS;
    return -1;
}

#if defined(__x86_64__)
/* Nothing of the auxiliary vector is known; CPUID answers for the processor. On
 * arm64 it is asked for the processor's features: start/features_aarch64.c. */
unsigned long getauxval(unsigned long type)
{
    (void)type;
    return 0;
}
#endif
