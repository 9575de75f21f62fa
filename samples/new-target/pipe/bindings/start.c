/*
 * From the kernel to the native layer: arguments joined to one command line,
 * and memory in one piece. What a target says about itself stands here too.
 */
#include "pipe.h"

#define MEMORY     (64ul << 20)
#define LINE_LIMIT 65536
#define SEED_SIZE  32

#define MAP_PRIVATE   2
#define MAP_NORESERVE 0x4000

/* The name that Machine.Target has in C#, and the target in config.cs. */
const char *bindings_target(void)
{
    return "pipe";
}

/* Without a way to deliver faults, a null dereference ends the process. The bindings of unix show how it is done. */
bool bindings_faults_delivered(void)
{
    return false;
}

bool bindings_protect_guard(void *page, bool guard)
{
    (void)page, (void)guard;
    return false;
}

const uint8_t *bindings_seed(size_t *size)
{
    static uint8_t seed[SEED_SIZE];
    *size = pipe_syscall(SYS_GETRANDOM, (long)seed, SEED_SIZE, 0, 0, 0, 0) == SEED_SIZE ? SEED_SIZE : 0;
    return seed;
}

_Noreturn void pipe_start(long *stack);
_Noreturn void pipe_start(long *stack)
{
    static char line[LINE_LIMIT];
    char **arguments = (char **)(stack + 1);
    char *to = line;
    for (long i = 1; i < stack[0]; i++) {
        for (const char *from = arguments[i]; *from != 0; from++) {
            if (to > line + LINE_LIMIT - 4)
                fatal("the arguments are longer than %d bytes", LINE_LIMIT);
            if (*from == ' ' || *from == '"' || *from == '\'' || *from == '\\')
                *to++ = '\\';
            *to++ = *from;
        }
        *to++ = ' ';
    }
    long memory = pipe_syscall(SYS_MMAP, 0, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                               -1, 0);
    if (memory < 0 && memory > -4096)
        fatal("no memory: mmap failed with error %ld", -memory);
    const struct solo5_start_info info = {.cmdline = line, .heap_start = (uintptr_t)memory, .heap_size = MEMORY};
    solo5_exit(solo5_app_main(&info));
}
