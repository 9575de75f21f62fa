/*
 * System calls that an spt image has no business with, one an argument: a real kernel's filter ends the process at each. The
 * test that builds and runs it is SptFilterTests.cs beside this file. The calls go through the bindings' own instruction.
 */
#include "native.h"
#include "solo5.h"

#include "../../../../native/bindings/spt/syscall.h"

/* An empty manifest: its one entry is reserved. */
__asm__(".pushsection .note.solo5.manifest,\"a\",%note\n"
        ".balign 4\n"
        ".long 6, 116, 0x3154464d\n"
        ".asciz \"Solo5\"\n"
        ".balign 4\n"
        ".long 0\n"
        ".long 1, 1\n"
        ".zero 68\n"
        ".long 0x40000000\n"
        ".zero 32\n"
        ".popsection\n");

#if defined(__aarch64__)
enum { GETPID = 172, OPENAT = 56, CLONE = 220, EXECVE = 221, SOCKET = 198 };
#else
enum { GETPID = 39, OPENAT = 257, CLONE = 56, EXECVE = 59, SOCKET = 41 };
#endif

static char page[3 * PAGE_SIZE] __attribute__((aligned(4096)));

int main(int count, char **arguments);
int main(int count, char **arguments)
{
    const char *which = count > 1 ? arguments[1] : "";
    struct timespec now;
    long result = 1;
    console_message("calling");
#define CASE(name) if (strcmp(which, name) == 0)
    CASE("allowed") {
        result = spt_syscall(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, (long)&now, 0, 0, 0, 0);
        console_message("the clock says %ld", result);
        return 0;
    }
    CASE("getpid") result = spt_syscall(GETPID, 0, 0, 0, 0, 0, 0);
    CASE("openat") result = spt_syscall(OPENAT, -100, (long)"/proc/self/maps", 0, 0, 0, 0);
    CASE("clone") result = spt_syscall(CLONE, 17, 0, 0, 0, 0, 0);
    CASE("execve") result = spt_syscall(EXECVE, (long)"/bin/sh", 0, 0, 0, 0, 0);
    CASE("socket") result = spt_syscall(SOCKET, 2, 1, 0, 0, 0, 0);
    CASE("write-elsewhere") result = spt_syscall(SYS_WRITE, 2, (long)"x", 1, 0, 0, 0);
    CASE("write-wide-descriptor") result = spt_syscall(SYS_WRITE, 1l << 32 | 2, (long)"x", 1, 0, 0, 0);
    CASE("another-clock") result = spt_syscall(SYS_CLOCK_GETTIME, CLOCK_BOOTTIME, (long)&now, 0, 0, 0, 0);
    CASE("mprotect-execute") result = spt_syscall(SYS_MPROTECT, (long)page, PAGE_SIZE, 5, 0, 0, 0);
    CASE("mprotect-image") result = spt_syscall(SYS_MPROTECT, (long)page, PAGE_SIZE, 3, 0, 0, 0);
    CASE("mprotect-two-pages") result = spt_syscall(SYS_MPROTECT, 8l << 20, 2 * PAGE_SIZE, 0, 0, 0, 0);
    CASE("poll-too-many") result = spt_syscall(SYS_EPOLL_PWAIT, 3, (long)page, 65, 0, 0, 0);
    console_message("it came back with %ld", result);
    return 64;
}
