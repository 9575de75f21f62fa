/*
 * The stub: what is left of the spt tender when the guest runs.
 *
 * The tender (C#) has checked the image, opened the devices and written the launch plan; then it gave way to this program
 * by execve. The stub maps the guest, drops all that the guest must not have, installs the system call filter and jumps.
 * It has no libc, no data of its own, and allocates nothing. argv[1] is the plan's descriptor, in decimal.
 *
 * With STUB_EMULATED it is another program: for images of another architecture under a user-mode emulator, in tests. There
 * the process is the emulator's, whose descriptors, stack and system calls must be left alone: nothing is taken away and no
 * filter is installed. The tender says so loudly. The stub that runs without an emulator has no such way.
 *
 * It trusts the plan, which it got from the tender in a sealed memfd; nothing of the image reaches it unchecked.
 */
#include <stddef.h>
#include <stdint.h>

#include "../include/morgana_abi.h"
#include "plan.h"

#if defined(__x86_64__)
#include "machine_x86_64.h"
#elif defined(__aarch64__)
#include "machine_aarch64.h"
#else
#error "no machine file for this architecture"
#endif

enum {
    PAGE = 4096,

    PROT_NONE_ = 0,
    PROT_READ_ = 1,
    PROT_WRITE_ = 2,
    MAP_PRIVATE_ = 0x02,
    MAP_FIXED_ = 0x10,
    MAP_ANONYMOUS_ = 0x20,
    MAP_FIXED_NOREPLACE_ = 0x100000,

    SEEK_END_ = 2,

    SIGILL_ = 4,
    SIGTRAP_ = 5,
    SIGABRT_ = 6,
    SIGBUS_ = 7,
    SIGFPE_ = 8,
    SIGSEGV_ = 11,
    SIGPIPE_ = 13,
    SIGSYS_ = 31,
    SIG_SETMASK_ = 2,
    SA_SIGINFO_ = 0x00000004,
    SA_RESTORER_ = 0x04000000,
    SA_ONSTACK_ = 0x08000000,
    SA_NODEFER_ = 0x40000000,

    PR_SET_DUMPABLE_ = 4,
    PR_SET_NAME_ = 15,
    PR_SET_NO_NEW_PRIVS_ = 38,
    RLIMIT_CORE_ = 4,
    SECCOMP_SET_MODE_FILTER_ = 1,

    AT_EXECFN_ = 31,
    AT_SYSINFO_EHDR_ = 33,
};

#define CAPABILITY_VERSION 0x20080522U
#define LAST_DESCRIPTOR 0xffffffffUL

/*
 * Low guest memory below the image is the guest's, but holds nothing yet above the boot information. The last steps run
 * there, after everything that the kernel gave this process is gone; it is wiped before the jump.
 */
#define SCRATCH_FILTER 0x20000UL
#define SCRATCH_FILTER_MAX 0x10000UL
#define SCRATCH_STACK_TOP 0x40000UL
#define SCRATCH_STACK_USED 0x1000UL

struct signal_action {
    uint64_t handler;
    uint64_t flags;
    uint64_t restorer;
    uint64_t mask;
};

struct signal_stack {
    uint64_t address;
    int32_t flags;
    uint32_t padding;
    uint64_t size;
};

struct filter_program {
    uint16_t count;
    uint16_t padding[3];
    uint64_t instructions;
};

_Static_assert(sizeof(struct signal_stack) == 24, "stack_t");
_Static_assert(sizeof(struct filter_program) == 16, "sock_fprog");

/* What the last steps need when the plan and the first stack are gone. */
struct remains {
    const struct plan *plan;
    uint64_t stack;     /* an address on the first stack */
    uint64_t stack_end; /* the first address above it */
    uint64_t vdso;
};

/* The compiler may call these two by itself. */
void *memcpy(void *to, const void *from, size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    while (size-- > 0)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int value, size_t size)
{
    unsigned char *t = to;
    while (size-- > 0)
        *t++ = (unsigned char)value;
    return to;
}

static size_t length_of(const char *text)
{
    size_t n = 0;
    while (text[n])
        n++;
    return n;
}

/* Messages. Standard error may be closed already; then the guest's console is all there is. */

static void say(const char *text)
{
    long n = (long)length_of(text);
    if (call(CALL_write, 2, (long)text, n, 0, 0, 0) < 0)
        (void)call(CALL_write, 1, (long)text, n, 0, 0, 0);
}

static void say_number(uint64_t value)
{
    char text[24];
    size_t at = sizeof text;
    text[--at] = 0;
    do
        text[--at] = (char)('0' + value % 10);
    while (value /= 10);
    say(text + at);
}

__attribute__((noreturn)) static void die(void)
{
    for (;;)
        (void)call(CALL_exit_group, 1, 0, 0, 0, 0, 0);
}

__attribute__((noreturn)) static void fail(const char *what, long error, const char *advice)
{
    say("morgana-spt: ");
    say(what);
    say(" failed: ");
    switch (-error) {
    case 1:
        say("operation not permitted");
        break;
    case 12:
        say("not enough memory on the host");
        break;
    case 17:
        say("something is mapped there already");
        break;
    case 22:
        say("invalid argument");
        break;
    case 38:
        say("the kernel does not know this call");
        break;
    default:
        say("error number ");
        say_number((uint64_t)-error);
    }
    say("; ");
    say(advice);
    say("\n");
    die();
}

static void must(long result, const char *what, const char *advice)
{
    if (result < 0)
        fail(what, result, advice);
}

#define REPORT "please report this with the kernel's version"

static int64_t parse(const char *text)
{
    int64_t value = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || value > 1000000000)
            return -1;
        value = value * 10 + (*text - '0');
    }
    return value;
}

/*
 * Whole pages of a segment that nobody writes are mapped from the file: that is 0.3 ms less for a small image than copying
 * them, and guests of one image share them. What does not fit into pages is read, as all is where the file system forbids
 * to map for execution. Returns how many bytes are there.
 */
static uint64_t map_segment(const struct plan *plan, const struct plan_segment *segment)
{
    uint64_t size = segment->file_size & -(uint64_t)PAGE;
    if ((segment->protection & PROT_WRITE_) || size == 0 || (segment->address | segment->file_offset) % PAGE != 0)
        return 0;
    long at = call(CALL_mmap, (long)segment->address, (long)size, segment->protection, MAP_PRIVATE_ | MAP_FIXED_,
                   plan->image_descriptor, (long)segment->file_offset);
    return (uint64_t)at == segment->address ? size : 0;
}

static void map_guest(const struct plan *plan)
{
    long at = call(CALL_mmap, (long)plan->memory_start, (long)(plan->memory_end - plan->memory_start),
                   PROT_READ_ | PROT_WRITE_, MAP_PRIVATE_ | MAP_ANONYMOUS_ | MAP_FIXED_NOREPLACE_, -1, 0);
    must(at, "mapping the guest's memory", "give a smaller --mem, or check vm.overcommit_memory and vm.mmap_min_addr (at most 65536)");
    /* Kernels before 4.17 take the flag for a hint. */
    if ((uint64_t)at != plan->memory_start)
        fail("mapping the guest's memory", -17, REPORT);

    const unsigned char *base = (const unsigned char *)plan;
    const struct plan_segment *segments = (const struct plan_segment *)(base + plan->segments_offset);
    for (uint32_t i = 0; i < plan->segments_count; i++) {
        const struct plan_segment *segment = &segments[i];
        uint64_t done = map_segment(plan, segment);
        while (done < segment->file_size) {
            long n = call(CALL_pread64, plan->image_descriptor, (long)(segment->address + done),
                          (long)(segment->file_size - done), (long)(segment->file_offset + done), 0, 0);
            if (n == -4) /* EINTR */
                continue;
            if (n == 0)
                fail("reading the image", -5, "the file became shorter while it was loaded: build or copy it again");
            must(n, "reading the image", "check the file and its disk");
            done += (uint64_t)n;
        }
    }

    const struct plan_copy *copies = (const struct plan_copy *)(base + plan->copies_offset);
    for (uint32_t i = 0; i < plan->copies_count; i++)
        (void)memcpy((void *)(uintptr_t)copies[i].address, base + copies[i].offset, copies[i].size);

    if (plan->grant) {
        struct morgana_grant *grant = (struct morgana_grant *)(uintptr_t)plan->grant;
        grant->version = MORGANA_ABI_VERSION;
        grant->granted = plan->granted;
        /* Straight from the kernel to the guest: the tender never had it. */
        if (plan->granted & MORGANA_GRANT_SEED)
            must(call(CALL_getrandom, (long)grant->seed, MORGANA_SEED_SIZE, 0, 0, 0, 0), "getrandom", REPORT);
    }

    /* Protections come last, when nothing is to be written any more. */
    for (uint32_t i = 0; i < plan->segments_count; i++)
        if (segments[i].protection != (PROT_READ_ | PROT_WRITE_))
            must(call(CALL_mprotect, (long)segments[i].pages, (long)segments[i].pages_size, segments[i].protection, 0, 0, 0),
                 "protecting a segment of the image", REPORT);
}

static void set_signal(int signal, uint64_t handler, uint64_t flags, uint64_t restorer)
{
    struct signal_action action = {handler, flags, restorer, 0};
    must(call(CALL_rt_sigaction, signal, (long)&action, 0, sizeof action.mask, 0, 0), "setting a signal's disposition", REPORT);
}

static void set_signals(const struct plan *plan)
{
    /*
     * Handlers were reset by execve, but what was ignored still is. .NET ignores SIGPIPE; the faults must not be ignored
     * by inheritance either. What the user ignored on purpose, as nohup does with SIGHUP, stays ignored.
     */
    static const unsigned char defaults[] = {SIGPIPE_, SIGSYS_, SIGTRAP_, SIGABRT_, SIGILL_, SIGBUS_, SIGFPE_, SIGSEGV_};
    for (size_t i = 0; i < sizeof defaults; i++)
        set_signal(defaults[i], 0, 0, 0);

    if (plan->fault_entry) {
        static const unsigned char faults[] = {SIGSEGV_, SIGBUS_, SIGFPE_, SIGILL_};
        const uint64_t flags = SA_SIGINFO_ | SA_ONSTACK_ | SA_RESTORER_ | SA_NODEFER_;
        struct signal_stack stack = {plan->fault_stack, 0, 0, plan->fault_stack_size};
        must(call(CALL_sigaltstack, (long)&stack, 0, 0, 0, 0, 0), "setting the image's fault stack",
             "the image's fault_stack_size may be too small for this processor's state");
        for (size_t i = 0; i < sizeof faults; i++)
            set_signal(faults[i], plan->fault_entry, flags, plan->fault_return);
    }

    uint64_t mask = 0;
    must(call(CALL_rt_sigprocmask, SIG_SETMASK_, (long)&mask, 0, sizeof mask, 0, 0), "clearing the signal mask", REPORT);
}

static void drop_privileges(const struct plan *plan)
{
    must(call(CALL_prctl, PR_SET_NAME_, (long)plan->name, 0, 0, 0, 0), "naming the process", REPORT);
    must(call(CALL_prctl, PR_SET_NO_NEW_PRIVS_, 1, 0, 0, 0, 0), "setting no_new_privs", REPORT);

    uint32_t header[2] = {CAPABILITY_VERSION, 0};
    uint32_t none[6] = {0};
    must(call(CALL_capset, (long)header, (long)none, 0, 0, 0, 0), "dropping the capabilities", REPORT);

    /* No core file with the guest's memory, and no other process of this user may look into it. */
    uint64_t limit[2] = {0, 0};
    must(call(CALL_prlimit64, 0, RLIMIT_CORE_, (long)limit, 0, 0, 0), "limiting core files to none", REPORT);
    must(call(CALL_prctl, PR_SET_DUMPABLE_, 0, 0, 0, 0, 0), "making the process undumpable", REPORT);
}

/* From the top down, so that a kernel without close_range is noticed while standard error is still there. */
static void close_descriptors(const struct plan *plan)
{
    const int32_t *keep = (const int32_t *)((const unsigned char *)plan + plan->keep_offset);
    uint64_t last = LAST_DESCRIPTOR;
    for (uint32_t i = plan->keep_count; i > 0; i--) {
        uint64_t kept = (uint64_t)keep[i - 1];
        if (kept < last)
            must(call(CALL_close_range, (long)(kept + 1), (long)last, 0, 0, 0, 0), "closing descriptors",
                 "Linux 5.9 or later is needed");
        if (kept == 0)
            return;
        last = kept - 1;
    }
    must(call(CALL_close_range, 0, (long)last, 0, 0, 0, 0), "closing descriptors", "Linux 5.9 or later is needed");
}

/* Runs on scratch memory of the guest. */
static void finish(void *argument)
{
    const struct remains *remains = argument;
    const struct plan *plan = remains->plan;
    uint64_t entry = plan->entry, stack = plan->stack, guest_argument = plan->argument;
    uint64_t filter_size = plan->filter_count * 8UL;
    uint64_t plan_size = (plan->size + PAGE - 1UL) & -(uint64_t)PAGE;
    struct filter_program program = {(uint16_t)plan->filter_count, {0}, SCRATCH_FILTER};
    (void)memcpy((void *)SCRATCH_FILTER, (const unsigned char *)plan + plan->filter_offset, filter_size);

#if defined(STUB_EMULATED)
    (void)close_descriptors, (void)program, (void)plan_size;
#else
    close_descriptors(plan);

    /*
     * Nothing of the host stays mapped that the guest could read: the plan, the vdso with its clock pages, and the first
     * stack. The ranges are wider than the mappings, whose sizes vary; nothing else is there.
     */
    uint64_t vdso = remains->vdso, first = (remains->stack & -(uint64_t)PAGE) - (1UL << 20), last = remains->stack_end;
    (void)call(CALL_munmap, (long)plan, (long)plan_size, 0, 0, 0, 0);
    if (vdso)
        (void)call(CALL_munmap, (long)(vdso - 0x10000), 0x20000, 0, 0, 0, 0);
    must(call(CALL_munmap, (long)first, (long)(last - first), 0, 0, 0, 0), "unmapping the stack", REPORT);

    must(call(CALL_seccomp, SECCOMP_SET_MODE_FILTER_, 0, (long)&program, 0, 0, 0), "installing the system call filter",
         "the kernel needs CONFIG_SECCOMP_FILTER");
#endif

    (void)memset((void *)SCRATCH_FILTER, 0, filter_size);
    machine_launch(SCRATCH_STACK_TOP - SCRATCH_STACK_USED, SCRATCH_STACK_TOP, entry, stack, guest_argument);
}

__attribute__((noreturn, used)) void stub_main(uint64_t *start)
{
    uint64_t argc = start[0];
    char **argv = (char **)(start + 1);
    int64_t descriptor = argc == 2 ? parse(argv[1]) : -1;
    if (descriptor < 0) {
        say("morgana-spt: this program is a part of the tender; run 'morgana spt' in its place\n");
        die();
    }

    long size = call(CALL_lseek, descriptor, 0, SEEK_END_, 0, 0, 0);
    must(size, "finding the launch plan's size", REPORT);
    long at = size < (long)sizeof(struct plan) ? -22 : call(CALL_mmap, 0, size, PROT_READ_, MAP_PRIVATE_, descriptor, 0);
    must(at, "mapping the launch plan", REPORT);
    const struct plan *plan = (const struct plan *)at;
    if (plan->magic != PLAN_MAGIC || plan->version != PLAN_VERSION || plan->size != (uint64_t)size ||
        plan->filter_count * 8UL > SCRATCH_FILTER_MAX) {
        say("morgana-spt: the launch plan is not for this stub: build the tender again\n");
        die();
    }

    /* Behind the arguments stand the environment and the auxiliary vector. */
    uint64_t *vector = start + 1 + argc + 1;
    while (*vector++)
        ;
    uint64_t vdso = 0, last = (uint64_t)start;
    for (; vector[0]; vector += 2) {
        if (vector[0] == AT_SYSINFO_EHDR_)
            vdso = vector[1];
        if (vector[0] == AT_EXECFN_) /* the last string on the stack */
            last = vector[1] + length_of((const char *)vector[1]);
    }

    map_guest(plan);
    set_signals(plan);
#if defined(STUB_EMULATED)
    (void)drop_privileges;
#else
    drop_privileges(plan);
#endif

    struct remains *remains = (struct remains *)(SCRATCH_STACK_TOP - 64);
    remains->plan = plan;
    remains->stack = (uint64_t)start;
    remains->stack_end = (last + 8 + PAGE) & -(uint64_t)PAGE;
    remains->vdso = vdso;
    machine_switch(SCRATCH_STACK_TOP - 64, finish, remains);
}
