/*
 * What an image that owns its arm64 processor does with exceptions and translation tables, one case an argument. No C# takes
 * part: what is shown is the native layer alone. The test that builds and runs it is Arm64TrapTests.cs beside this file.
 */
#include "native.h"
#include "solo5.h"

int sigaction(int, const struct sigaction *, struct sigaction *);
int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int pthread_join(pthread_t, void **);
int pthread_setname_np(pthread_t, const char *);

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

/* Places in a signal's context, as Linux lays it out: x0 to x30 first. */
enum { FRAME = 29, LINK = 30, STACK = 31, PC = 32, STATE = 33 };

static uint64_t *general(void *context)
{
    return (uint64_t *)context + 23;
}

/* The first record behind them: magic number and size, FPSR and FPCR, then v0 to v31. */
static const uint8_t *records(void *context)
{
    return (uint8_t *)context + 464;
}

static void on(int signal, void (*handler)(int, siginfo_t *, void *))
{
    const struct sigaction action = {.handler = (void *)handler, .flags = SA_SIGINFO};
    sigaction(signal, &action, NULL);
}

/* Four bytes. In x17 so that every other register can be looked at. */
#define FAULT "ldr x17, [x17]\n"

/* --- What a handler sees and changes --- */

static bool is_tested(int i)
{
    return i != 17;
}

static void change_all(int signal, siginfo_t *info, void *context)
{
    uint64_t *r = general(context);
    bool right = true;
    for (int i = 0; i <= LINK; i++)
        right &= !is_tested(i) || r[i] == 0x1000u + (unsigned)i;
    const uint32_t *record = (const uint32_t *)records(context);
    console_message("signal %d code %d address %p registers %s", signal, info->code, info->address,
                    right ? "as they were" : "wrong");
    console_message("fault address %lx, record %x of %u bytes, then %x of %u, then %x", general(context)[-1], record[0],
                    record[1], record[132], record[133], record[136]);
    for (int i = 0; i <= LINK; i++)
        r[i] += 0x1000;
    r[STATE] |= 0xfull << 28; /* all four flags */
    r[STATE] |= 0x10;         /* 32 bits: must have no effect */
    r[PC] += 4;
}

static int registers(void)
{
    static uint64_t after[33];
    on(SIGSEGV, change_all);
#define EACH_REGISTER(X)                                                                                               \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(18) X(19) X(20)       \
    X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30)
#define SET(n) "mov x" #n ", #0x1000 + " #n "\n"
#define GET(n) "str x" #n ", [x17, #8 * " #n "]\n"
    __asm__ volatile("stp x29, x30, [sp, #-32]!\n"
                     "str x19, [sp, #16]\n"
                     "mov x17, #8\n"
                     "cmp x17, #8\n" /* Z and C alone */
                     EACH_REGISTER(SET) FAULT
                     "adrp x17, %0\n add x17, x17, :lo12:%0\n" EACH_REGISTER(GET)
                     "mrs x0, nzcv\n str x0, [x17, #8 * 31]\n"
                     "ldr x19, [sp, #16]\n"
                     "ldp x29, x30, [sp], #32\n"
                     :
                     : "S"(after)
                     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
                       "x15", "x16", "x17", "x18", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
                       "memory", "cc");
    for (unsigned i = 0; i <= LINK; i++)
        if (is_tested((int)i) && after[i] != 0x2000u + i)
            console_message("register %u is %lx", i, after[i]);
    console_message("continued, flags %lx", after[31] >> 28);
    return 0;
}

/* Whatever a handler does to vector registers and their control must not be seen by what was interrupted. */
static bool vectors_seen;
static uint8_t before[32][16], after[32][16];

static void change_vectors(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    vectors_seen = memcmp(records(context) + 16, before, sizeof before) == 0;
    general(context)[PC] += 4;
    __asm__ volatile("movi v0.16b, #0\n movi v7.16b, #0\n movi v8.16b, #0\n movi v31.16b, #0\n msr fpcr, xzr\n msr fpsr, xzr" ::
                         : "v0", "v7", "v8", "v31");
}

static int vectors(void)
{
    for (unsigned i = 0; i < sizeof before; i++)
        before[0][i] = (uint8_t)(i * 7 + 1);
    on(SIGSEGV, change_vectors);
    uint64_t control, status;
#define EACH_PAIR(X)                                                                                                   \
    X(0, 1) X(2, 3) X(4, 5) X(6, 7) X(8, 9) X(10, 11) X(12, 13) X(14, 15) X(16, 17) X(18, 19) X(20, 21) X(22, 23)       \
    X(24, 25) X(26, 27) X(28, 29) X(30, 31)
#define LOAD(a, b) "ldp q" #a ", q" #b ", [%2, #16 * " #a "]\n"
#define STORE(a, b) "stp q" #a ", q" #b ", [%3, #16 * " #a "]\n"
    __asm__ volatile("mov x9, #0x800000\n msr fpcr, x9\n" /* rounds down */
                     "mov x9, #0x10\n msr fpsr, x9\n"     /* inexact */
                     EACH_PAIR(LOAD) "mov x17, #8\n" FAULT EACH_PAIR(STORE)
                     "mrs %0, fpcr\n mrs %1, fpsr\n msr fpcr, xzr\n"
                     : "=&r"(control), "=&r"(status)
                     : "r"(before), "r"(after)
                     : "x9", "x17", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",
                       "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25",
                       "v26", "v27", "v28", "v29", "v30", "v31");
    unsigned wrong = 0;
    for (unsigned i = 0; i < 32; i++)
        wrong += memcmp(before[i], after[i], 16) != 0;
    console_message("%u of 32 vector registers changed, control %lx, status %lx, the handler saw them: %s", wrong, control,
                    status, vectors_seen ? "yes" : "no");
    return 0;
}

static void fault(void)
{
    __asm__ volatile("mov x17, #8\n" FAULT : : : "x17", "memory");
}

static void skip(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    general(context)[PC] += 4;
}

static unsigned depth, deepest = 2;

static void fault_again(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    unsigned mine = ++depth;
    if (depth <= deepest)
        fault();
    console_message("handler %u returns", mine);
    general(context)[PC] += 4;
}

static int nested(void)
{
    on(SIGSEGV, fault_again);
    fault();
    console_message("continued");
    return 0;
}

static int many(void)
{
    on(SIGSEGV, skip);
    for (unsigned i = 0; i < 10000; i++)
        fault();
    console_message("10000 faults came back");
    return 0;
}

/* As .NET does: the handler sends the program elsewhere, on a lower stack. */
static void elsewhere(uint64_t argument)
{
    uint64_t selected;
    __asm__ volatile("mrs %0, spsel" : "=r"(selected));
    console_message("elsewhere with %lx, on the %s stack", argument, selected == 0 ? "program's" : "exceptions'");
    solo5_exit(0);
}

static void redirect(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    uint64_t *r = general(context);
    r[0] = 0x5eed;
    r[STACK] -= 256;
    r[PC] = (uintptr_t)elsewhere;
}

static int redirected(void)
{
    on(SIGSEGV, redirect);
    fault();
    return 64;
}

/* --- Where the processor stops --- */

#define RETURN 0xd65f03c0u

static void call(void *code)
{
    console_message("calling");
    ((void (*)(void))code)();
    console_message("it ran");
}

static void write_to(volatile char *at)
{
    console_message("writing");
    *at = *at;
    console_message("it was written");
}

static void read_from(const volatile char *at)
{
    console_message("reading");
    (void)*at;
    console_message("it was read");
}

static uint32_t writable[] = {RETURN};
static const uint32_t constant[] = {RETURN, 1};

__attribute__((noinline)) static int dig(volatile int depth_now)
{
    volatile char room[400];
    room[0] = (char)depth_now;
    return depth_now < 0 ? 0 : dig(depth_now + 1) + room[0];
}

static void *dig_in_thread(void *argument)
{
    return (void *)(long)dig(*(int *)argument);
}

static int in_thread(void)
{
    pthread_t thread;
    static int one = 1;
    if (pthread_create(&thread, NULL, dig_in_thread, &one) != 0)
        return 1;
    pthread_setname_np(thread, "worker");
    pthread_join(thread, NULL);
    return 0;
}

static void dig_in_handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    dig(1);
}

/* --- The tables that the processor uses --- */

#define CALLS (1ull << 32)

static unsigned rights(uint64_t address)
{
    uint64_t root;
    __asm__("mrs %0, ttbr0_el1" : "=r"(root));
    uint64_t *table = (uint64_t *)(root & 0x0000fffffffff000ull);
    for (int level = 1;; level++) {
        uint64_t descriptor = table[address >> (12 + 9 * (3 - level)) & 511];
        if ((descriptor & 1) == 0)
            return 0;
        if (level == 3 || (descriptor & 2) == 0)
            return 1u | ((descriptor >> 7 & 1) == 0 ? 2u : 0u) | ((descriptor >> 53 & 1) == 0 ? 4u : 0u);
        table = (uint64_t *)(descriptor & 0x0000fffffffff000ull);
    }
}

extern const char __text_start[], __text_end[], __data_start[];

static int tables(void)
{
    uint64_t control, translation, upper, selected;
    __asm__("mrs %0, sctlr_el1" : "=r"(control));
    __asm__("mrs %0, tcr_el1" : "=r"(translation));
    __asm__("mrs %0, ttbr1_el1" : "=r"(upper));
    __asm__("mrs %0, spsel" : "=r"(selected));
    console_message("memory is translated %s, what can be written is not executed %s, caches %s, stack alignment %s",
                    control & 1 ? "yes" : "no", control >> 19 & 1 ? "yes" : "no",
                    (control & (1 << 12 | 1 << 2)) == (1 << 12 | 1 << 2) ? "on" : "off", control >> 3 & 1 ? "yes" : "no");
    console_message("upper half of the addresses %s, top byte %s, stack pointer of EL%lu",
                    (translation >> 23 & 1) != 0 && upper == 0 ? "off" : "on",
                    (translation >> 37 & 1) != 0 ? "ignored" : "counts", selected);
    uint64_t text = (uintptr_t)__text_start, constants = ((uintptr_t)__text_end + 4095) & -4096ul,
             data = (uintptr_t)__data_start;
    unsigned both = 0, wrong = 0, guards = 0, mapped = 0;
    for (uint64_t at = 0; at < CALLS + (1ull << 30); at += at < 32ul << 20 || at == CALLS ? 4096 : 4096 * 511) {
        unsigned r = rights(at);
        both += (r & 6) == 6;
        mapped += r != 0 && at < CALLS;
        if (at < 0x10000)
            wrong += r != 0;
        else if (at < text)
            wrong += r != 1;
        else if (at < constants)
            wrong += r != 5;
        else if (at < data)
            wrong += r != 1;
        else if (at < 16ul << 20) {
            guards += r == 0;
            wrong += r != 0 && r != 3;
        } else
            wrong += r != 0;
    }
    wrong += rights(CALLS - 4096) != 0 || rights(CALLS) != 3 || rights(CALLS + 4096) != 0;
    console_message("pages: %u both written and executed, %u with wrong rights", both, wrong);
    /* Below the two stacks of exceptions, the boot stack and the first thread's. */
    console_message("%u guard pages; 16 MiB are %s", guards,
                    mapped + guards + 16 == 4096 ? "mapped and no more" : "not what is mapped");
    return 0;
}

int main(int count, char **arguments);
int main(int count, char **arguments)
{
    const char *which = count > 1 ? arguments[1] : "";
#define CASE(name) if (strcmp(which, name) == 0)
    CASE("registers") return registers();
    CASE("vectors") return vectors();
    CASE("nested") return nested();
    CASE("nested-too-deep") return deepest = 1000, nested();
    CASE("many") return many();
    CASE("redirected") return redirected();
    CASE("tables") return tables();
    CASE("write-text") write_to((char *)(uintptr_t)main);
    CASE("write-constant") write_to((char *)(uintptr_t)constant);
    CASE("write-boot-information") write_to((char *)0x10000);
    CASE("execute-data") call(writable);
    CASE("execute-constant") call((void *)(uintptr_t)constant);
    CASE("execute-heap") {
        uint32_t *code = malloc(100);
        *code = RETURN;
        call(code);
    }
    CASE("execute-stack") {
        volatile uint32_t code = RETURN;
        call((void *)&code);
    }
    CASE("execute-unaligned") call((char *)(uintptr_t)main + 2);
    CASE("read-null") read_from(NULL);
    CASE("read-tables-of-the-tender") read_from((char *)0x2000);
    CASE("read-behind-memory") read_from((char *)(16ul << 20));
    CASE("read-far-away") read_from((char *)(1ul << 46));
    CASE("read-upper-half") read_from((char *)(0xffffff8000100000ul));
    CASE("read-with-top-byte") read_from((char *)((uintptr_t)main | 1ul << 60));
    CASE("stack") return dig(1);
    CASE("stack-in-thread") return in_thread();
    CASE("stack-of-exceptions") {
        on(SIGSEGV, dig_in_handler);
        fault();
    }
    CASE("boot-stack") write_to((char *)(16ul << 20) - 65536);
    CASE("invalid-instruction") __asm__ volatile("udf #0");
    CASE("breakpoint") __asm__ volatile("brk #1");
    CASE("system-call") __asm__ volatile("svc #0");
    console_message("nothing happened");
    return 64;
}
