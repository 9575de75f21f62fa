/*
 * Entry of a unix image: an ordinary static program of Linux. It takes its
 * memory in one piece, and its faults as signals.
 */
#include "unix.h"

#define FAULT_STACK_SIZE 65536ul
#define SEED_SIZE        32

#define MAP_PRIVATE   2
#define MAP_NORESERVE 0x4000

#define SA_RESTORER 0x04000000ul
#define SA_ONSTACK  0x08000000ul
#define SA_NODEFER  0x40000000ul

#define RLIMIT_NOFILE 7

struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    uint64_t flags;
    void (*restorer)(void);
    uint64_t mask;
};

struct kernel_stack {
    void *start;
    int32_t flags;
    int32_t pad;
    uint64_t size;
};

static uint8_t fault_stack[FAULT_STACK_SIZE] __attribute__((aligned(4096)));
static uint8_t seed[SEED_SIZE];
static bool seeded, faults;

bool bindings_faults_delivered(void)
{
    return faults;
}

bool bindings_protect_guard(void *page, bool guard)
{
    return unix_syscall(SYS_MPROTECT, (long)page, PAGE_SIZE, guard ? PROT_NONE : PROT_READ | PROT_WRITE, 0, 0, 0) == 0;
}

const uint8_t *bindings_seed(size_t *size)
{
    *size = seeded ? SEED_SIZE : 0;
    return seed;
}

const char *bindings_target(void)
{
    return "unix";
}

static void take_faults(void)
{
    const struct kernel_stack stack = {.start = fault_stack, .size = FAULT_STACK_SIZE};
    const struct kernel_action action = {fault_deliver, SA_SIGINFO | SA_ONSTACK | SA_RESTORER | SA_NODEFER,
                                         unix_fault_return, 0};
    static const uint8_t signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    faults = unix_syscall(SYS_SIGALTSTACK, (long)&stack, 0, 0, 0, 0, 0) == 0;
    for (size_t i = 0; i < sizeof signals; i++)
        faults &= unix_syscall(SYS_RT_SIGACTION, signals[i], (long)&action, 0, sizeof action.mask, 0, 0) == 0;
}

/* Every socket is a descriptor: as many as the user may have. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (unix_syscall(SYS_PRLIMIT64, 0, RLIMIT_NOFILE, 0, (long)&limit, 0, 0) != 0)
        return;
    limit.current = limit.maximum;
    (void)unix_syscall(SYS_PRLIMIT64, 0, RLIMIT_NOFILE, (long)&limit, 0, 0, 0);
}

static void *map(uint64_t size, const char *what)
{
    long at = unix_syscall(SYS_MMAP, 0, (long)size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at < 0 && at > -4096)
        refuse(EXIT_HOST, "%s of %llu MiB cannot be had (error %ld): give a smaller --mem", what,
               (unsigned long long)(size >> 20), -at);
    return (void *)at;
}

/* One command line of all arguments, so written that start/ reads the same ones out of it. */
static const char *join(int count, char **arguments)
{
    size_t size = 1;
    for (int i = 0; i < count; i++)
        size += 2 * strlen(arguments[i]) + 3;
    char *line = map(size, "room for the arguments");
    char *to = line;
    for (int i = 0; i < count; i++) {
        if (i > 0)
            *to++ = ' ';
        if (arguments[i][0] == 0) {
            *to++ = '"';
            *to++ = '"';
        }
        for (const char *from = arguments[i]; *from != 0; from++) {
            if (*from == ' ' || *from == '"' || *from == '\'' || *from == '\\')
                *to++ = '\\';
            *to++ = *from;
        }
    }
    *to = 0;
    return line;
}

/* Called by _start with the stack as the kernel left it: argc, argv, ... */
_Noreturn void unix_start(long *stack);
_Noreturn void unix_start(long *stack)
{
    int count = (int)stack[0];
    char **arguments = (char **)(stack + 1);
    struct unix_options options = {.memory = 512ull << 20};
    raise_descriptor_limit();
    machine_init();
    devices_init();
    int own = count > 0 ? options_read(count, arguments, &options) : 0;
    devices_check();
    seeded = unix_syscall(SYS_GETRANDOM, (long)seed, SEED_SIZE, 0, 0, 0, 0) == SEED_SIZE;
    take_faults();
    const struct solo5_start_info info = {
        .cmdline = join(count - own, arguments + own),
        .heap_start = (uintptr_t)map(options.memory, "memory"),
        .heap_size = options.memory,
    };
    solo5_exit(solo5_app_main(&info));
}
