/* The one way to Linux: every system call that an image of this target can make is named here. */
#ifndef MORGANA_UNIX_SYSCALL_H
#define MORGANA_UNIX_SYSCALL_H

#include "native.h"

#if defined(__x86_64__)
enum {
    SYS_READ = 0,
    SYS_WRITE = 1,
    SYS_CLOSE = 3,
    SYS_LSEEK = 8,
    SYS_MMAP = 9,
    SYS_MPROTECT = 10,
    SYS_RT_SIGACTION = 13,
    SYS_IOCTL = 16,
    SYS_PREAD64 = 17,
    SYS_PWRITE64 = 18,
    SYS_SOCKET = 41,
    SYS_SENDMSG = 46,
    SYS_RECVMSG = 47,
    SYS_BIND = 49,
    SYS_SETSOCKOPT = 54,
    SYS_FCNTL = 72,
    SYS_FDATASYNC = 75,
    SYS_SIGALTSTACK = 131,
    SYS_ARCH_PRCTL = 158,
    SYS_CLOCK_GETTIME = 228,
    SYS_EXIT_GROUP = 231,
    SYS_EPOLL_CTL = 233,
    SYS_OPENAT = 257,
    SYS_EPOLL_PWAIT = 281,
    SYS_TIMERFD_CREATE = 283,
    SYS_TIMERFD_SETTIME = 286,
    SYS_EPOLL_CREATE1 = 291,
    SYS_PRLIMIT64 = 302,
    SYS_GETRANDOM = 318,
};
#define ARCH_SET_FS 0x1002
#elif defined(__aarch64__)
enum {
    SYS_EPOLL_CREATE1 = 20,
    SYS_EPOLL_CTL = 21,
    SYS_EPOLL_PWAIT = 22,
    SYS_FCNTL = 25,
    SYS_IOCTL = 29,
    SYS_OPENAT = 56,
    SYS_CLOSE = 57,
    SYS_LSEEK = 62,
    SYS_READ = 63,
    SYS_WRITE = 64,
    SYS_PREAD64 = 67,
    SYS_PWRITE64 = 68,
    SYS_FDATASYNC = 83,
    SYS_TIMERFD_CREATE = 85,
    SYS_TIMERFD_SETTIME = 86,
    SYS_EXIT_GROUP = 94,
    SYS_CLOCK_GETTIME = 113,
    SYS_SIGALTSTACK = 132,
    SYS_RT_SIGACTION = 134,
    SYS_SOCKET = 198,
    SYS_BIND = 200,
    SYS_SETSOCKOPT = 208,
    SYS_SENDMSG = 211,
    SYS_RECVMSG = 212,
    SYS_MMAP = 222,
    SYS_MPROTECT = 226,
    SYS_PRLIMIT64 = 261,
    SYS_GETRANDOM = 278,
};
#endif

/* Negative results are error numbers. */
long unix_syscall(long number, long a, long b, long c, long d, long e, long f);

/* Where the kernel returns to from a fault handler: does rt_sigreturn. */
void unix_fault_return(void);

#endif
