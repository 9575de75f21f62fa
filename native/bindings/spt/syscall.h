/* The one way to the host: the numbers are checked by the tender's filter. */
#ifndef MORGANA_SPT_SYSCALL_H
#define MORGANA_SPT_SYSCALL_H

#include "native.h"

#if defined(__x86_64__)
enum {
    SYS_READ = 0,
    SYS_WRITE = 1,
    SYS_MPROTECT = 10,
    SYS_PREAD64 = 17,
    SYS_PWRITE64 = 18,
    SYS_ARCH_PRCTL = 158,
    SYS_CLOCK_GETTIME = 228,
    SYS_EXIT_GROUP = 231,
    SYS_EPOLL_PWAIT = 281,
    SYS_TIMERFD_SETTIME = 286,
};
#define ARCH_SET_FS 0x1002
#elif defined(__aarch64__)
enum {
    SYS_READ = 63,
    SYS_WRITE = 64,
    SYS_PREAD64 = 67,
    SYS_PWRITE64 = 68,
    SYS_TIMERFD_SETTIME = 86,
    SYS_EPOLL_PWAIT = 22,
    SYS_EXIT_GROUP = 94,
    SYS_CLOCK_GETTIME = 113,
    SYS_MPROTECT = 226,
};
#endif

/* Negative results are error numbers. */
long spt_syscall(long number, long a, long b, long c, long d, long e, long f);

/* Where the kernel returns to from a fault handler: does rt_sigreturn. */
void spt_fault_return(void);

extern struct spt_boot_info *spt_boot;

#endif
