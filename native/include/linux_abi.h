/*
 * The shapes that .NET's runtime archives expect of their C library: those of
 * glibc 2.x on 64-bit Linux. Only what the archives touch is declared. The
 * sizes are part of a binary interface and are asserted. Self-contained.
 */
#ifndef MORGANA_LINUX_ABI_H
#define MORGANA_LINUX_ABI_H

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;
typedef long off_t;
typedef int pid_t;
typedef unsigned mode_t;

struct timespec {
    int64_t tv_sec;
    int64_t tv_nsec;
};

struct timeval {
    int64_t tv_sec;
    int64_t tv_usec;
};

#define CLOCK_REALTIME           0
#define CLOCK_MONOTONIC          1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID  3
#define CLOCK_MONOTONIC_RAW      4
#define CLOCK_REALTIME_COARSE    5
#define CLOCK_MONOTONIC_COARSE   6
#define CLOCK_BOOTTIME           7
#define TIMER_ABSTIME            1

enum {
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EIO = 5,
    EBADF = 9,
    ECHILD = 10,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EFAULT = 14,
    EBUSY = 16,
    ENODEV = 19,
    EINVAL = 22,
    EMFILE = 24,
    ENOTTY = 25,
    ESPIPE = 29,
    EPIPE = 32,
    EDOM = 33,
    ERANGE = 34,
    EDEADLK = 35,
    ENOSYS = 38,
    ETIMEDOUT = 110,
};

#define PROT_NONE     0
#define PROT_READ     1
#define PROT_WRITE    2
#define PROT_EXEC     4
#define MAP_FIXED     0x10
#define MAP_ANONYMOUS 0x20
#define MAP_FAILED    ((void *)-1)

#define MADV_DONTNEED 4

#define SIGILL  4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS  7
#define SIGFPE  8
#define SIGSEGV 11
#define SIG_DFL ((void *)0)
#define SIG_IGN ((void *)1)
#define SIGNAL_COUNT 65

typedef struct {
    uint64_t words[16];
} sigset_t;

struct sigaction {
    void *handler; /* also sa_sigaction */
    sigset_t mask;
    int flags;
    void (*restorer)(void);
};

#define SA_SIGINFO 4

typedef struct {
    int32_t signal;
    int32_t error;
    int32_t code;
    int32_t pad;
    void *address; /* of the faulting access, for SIGSEGV and SIGBUS */
    uint8_t rest[104];
} siginfo_t;

#define PTHREAD_MUTEX_RECURSIVE  1
#define PTHREAD_MUTEX_ERRORCHECK 2

/* The field at offset 16 is where static initialisers put the kind. */
typedef struct {
    void *owner;
    uint32_t depth;
    uint32_t reserved;
    int32_t kind;
    uint32_t pad;
    void *waiting_first;
    void *waiting_last;
#if defined(__aarch64__)
    uint64_t rest;
#endif
} pthread_mutex_t;

typedef struct {
    void *waiting_first;
    void *waiting_last;
    int32_t clock;
    int32_t pad[7];
} pthread_cond_t;

typedef struct {
    void *writer;
    uint32_t readers;
    uint32_t pad;
    void *waiting_first;
    void *waiting_last;
    uint64_t rest[3];
} pthread_rwlock_t;

typedef struct {
    void *stack;
    size_t stack_size;
    size_t guard_size;
    int32_t detached;
    int32_t pad;
#if defined(__aarch64__)
    uint64_t rest[4];
#else
    uint64_t rest[3];
#endif
} pthread_attr_t;

typedef struct {
    int32_t value;
#if defined(__aarch64__)
    int32_t pad;
#endif
} pthread_mutexattr_t;

typedef struct {
    int32_t value;
#if defined(__aarch64__)
    int32_t pad;
#endif
} pthread_condattr_t;

typedef unsigned long pthread_t;
typedef unsigned pthread_key_t;
typedef int pthread_once_t;

struct rlimit {
    uint64_t current;
    uint64_t maximum;
};

#if defined(__x86_64__)
struct stat {
    uint64_t st_dev;
    uint64_t st_ino;
    uint64_t st_nlink;
    uint32_t st_mode;
    uint32_t st_uid;
    uint32_t st_gid;
    uint32_t pad0;
    uint64_t st_rdev;
    int64_t st_size;
    int64_t st_blksize;
    int64_t st_blocks;
    struct timespec st_atim;
    struct timespec st_mtim;
    struct timespec st_ctim;
    int64_t reserved[3];
};
_Static_assert(sizeof(struct stat) == 144, "stat");
_Static_assert(offsetof(struct stat, st_mode) == 24, "stat: mode");
#elif defined(__aarch64__)
struct stat {
    uint64_t st_dev;
    uint64_t st_ino;
    uint32_t st_mode;
    uint32_t st_nlink;
    uint32_t st_uid;
    uint32_t st_gid;
    uint64_t st_rdev;
    uint64_t pad1;
    int64_t st_size;
    int32_t st_blksize;
    int32_t pad2;
    int64_t st_blocks;
    struct timespec st_atim;
    struct timespec st_mtim;
    struct timespec st_ctim;
    int32_t reserved[2];
};
_Static_assert(sizeof(struct stat) == 128, "stat");
#endif

#define S_IFIFO 0010000
#define S_IFCHR 0020000

struct utsname {
    char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

_Static_assert(sizeof(sigset_t) == 128, "sigset_t");
_Static_assert(sizeof(struct sigaction) == 152, "sigaction");
_Static_assert(sizeof(siginfo_t) == 128, "siginfo_t");
_Static_assert(offsetof(siginfo_t, address) == 16, "siginfo_t: address");
_Static_assert(offsetof(pthread_mutex_t, kind) == 16, "mutex kind");
_Static_assert(sizeof(pthread_cond_t) == 48, "condition variable");
_Static_assert(sizeof(pthread_rwlock_t) == 56, "reader/writer lock");
#if defined(__x86_64__)
_Static_assert(sizeof(pthread_mutex_t) == 40, "mutex");
_Static_assert(sizeof(pthread_mutexattr_t) == 4 && sizeof(pthread_condattr_t) == 4, "attributes");
_Static_assert(sizeof(pthread_attr_t) == 56, "thread attributes");
#elif defined(__aarch64__)
_Static_assert(sizeof(pthread_mutex_t) == 48, "mutex");
_Static_assert(sizeof(pthread_mutexattr_t) == 8 && sizeof(pthread_condattr_t) == 8, "attributes");
_Static_assert(sizeof(pthread_attr_t) == 64, "thread attributes");
#endif

#endif
