/*
 * What an image that owns its x86-64 processor does with traps and page tables, one case an argument. No C# takes part: what
 * is shown is the native layer alone. The test that builds and runs it is TrapTests.cs.
 */
#include "native.h"
#include "solo5.h"

int sigaction(int, const struct sigaction *, struct sigaction *);
int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int pthread_join(pthread_t, void **);
int pthread_setname_np(pthread_t, const char *);

/* An empty manifest: its one entry is reserved. */
__asm__(".pushsection .note.solo5.manifest,\"a\",@note\n"
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

/* Places of general registers in a signal's context. */
enum { R8, R9, R10, R11, R12, R13, R14, R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP, RIP, FLAGS, SEGMENTS, ERROR, TRAP };

static uint64_t *general(void *context)
{
    return (uint64_t *)context + 5;
}

static void on(int signal, void (*handler)(int, siginfo_t *, void *))
{
    const struct sigaction action = {.handler = (void *)handler, .flags = SA_SIGINFO};
    sigaction(signal, &action, NULL);
}

/* --- What a handler sees and changes --- */

static void change_all(int signal, siginfo_t *info, void *context)
{
    uint64_t *r = general(context);
    bool right = true;
    for (int i = R8; i <= R15; i++)
        right &= r[i] == 0x1000u + (unsigned)i;
    right &= r[RDI] == 0x1008 && r[RSI] == 0x1009 && r[RBP] == 0x100a && r[RDX] == 0x100c && r[RCX] == 0x100e;
    console_message("signal %d code %d address %p trap %lu error %lx registers %s", signal, info->code, info->address,
                    r[TRAP], r[ERROR], right ? "as they were" : "wrong");
    for (int i = R8; i <= RDX; i++)
        if (i != RBX)
            r[i] += 0x1000;
    r[RCX] += 0x1000;
    r[RIP] += 4; /* the faulting instruction's length */
}

/* Whatever a handler does to vector registers and their control must not be seen by what was interrupted. */
static void change_vectors(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    general(context)[RIP] += 4;
    __asm__ volatile("pxor %%xmm0, %%xmm0\n pxor %%xmm7, %%xmm7\n pxor %%xmm15, %%xmm15\n fninit\n fld1" ::
                         : "xmm0", "xmm7", "xmm15");
    const uint32_t control = 0x7f80;
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
}

static int registers(void)
{
    static uint64_t after[16];
    on(SIGSEGV, change_all);
    __asm__ volatile("pushq %%rbx\n pushq %%rbp\n"
                     "movl $0x1000, %%r8d\n movl $0x1001, %%r9d\n movl $0x1002, %%r10d\n movl $0x1003, %%r11d\n"
                     "movl $0x1004, %%r12d\n movl $0x1005, %%r13d\n movl $0x1006, %%r14d\n movl $0x1007, %%r15d\n"
                     "movl $0x1008, %%edi\n movl $0x1009, %%esi\n movl $0x100a, %%ebp\n movl $0x100c, %%edx\n"
                     "movl $0x100e, %%ecx\n xorl %%eax, %%eax\n"
                     "movq 8(%%rax), %%rax\n" /* four bytes */
                     "movq %%r8, %0\n movq %%r9, 8+%0\n movq %%r10, 16+%0\n movq %%r11, 24+%0\n"
                     "movq %%r12, 32+%0\n movq %%r13, 40+%0\n movq %%r14, 48+%0\n movq %%r15, 56+%0\n"
                     "movq %%rdi, 64+%0\n movq %%rsi, 72+%0\n movq %%rbp, 80+%0\n movq %%rdx, 96+%0\n"
                     "movq %%rcx, 112+%0\n"
                     "popq %%rbp\n popq %%rbx\n"
                     : "=m"(after)
                     :
                     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory");
    for (unsigned i = 0; i < 15; i++)
        if (i != 11 && i != 13 && after[i] != 0x2000u + i)
            console_message("register %u is %lx", i, after[i]);
    console_message("continued");
    return 0;
}

static int vectors(bool wide)
{
    static uint8_t before[16][32], after[16][32];
    for (unsigned i = 0; i < sizeof before; i++)
        before[0][i] = (uint8_t)(i * 7 + 1);
    on(SIGSEGV, change_vectors);
    const uint32_t control = 0x3f80; /* rounds down */
    uint32_t control_after;
    double x87 = 0;
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define LOAD_NARROW(n) "movdqu " #n "*32(%0), %%xmm" #n "\n"
#define STORE_NARROW(n) "movdqu %%xmm" #n ", " #n "*32(%1)\n"
#define LOAD_WIDE(n) "vmovdqu " #n "*32(%0), %%ymm" #n "\n"
#define STORE_WIDE(n) "vmovdqu %%ymm" #n ", " #n "*32(%1)\n"
#define ALL "rax", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
            "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
    if (wide)
        __asm__ volatile(EACH(LOAD_WIDE) "fldpi\n xorl %%eax, %%eax\n movq 8(%%rax), %%rax\n fstpl (%2)\n" EACH(STORE_WIDE)
                         : : "r"(before), "r"(after), "r"(&x87) : ALL);
    else
        __asm__ volatile(EACH(LOAD_NARROW) "fldpi\n xorl %%eax, %%eax\n movq 8(%%rax), %%rax\n fstpl (%2)\n"
                         EACH(STORE_NARROW) : : "r"(before), "r"(after), "r"(&x87) : ALL);
    __asm__ volatile("stmxcsr %0" : "=m"(control_after));
    const uint32_t usual = 0x1f80;
    __asm__ volatile("ldmxcsr %0" : : "m"(usual));
    unsigned wrong = 0;
    for (unsigned i = 0; i < 16; i++)
        wrong += memcmp(before[i], after[i], wide ? 32 : 16) != 0;
    console_message("%u of 16 vector registers changed, control %x, pi %s", wrong, control_after & ~0x3fu,
                    x87 > 3.14159 && x87 < 3.1416 ? "kept" : "lost");
    return 0;
}

static bool has_avx(void)
{
    uint32_t leaf[4];
    arch_cpuid(1, 0, leaf);
    return (leaf[2] >> 27 & 3) == 3;
}

static void skip(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    general(context)[RIP] += 4;
}

/* Compiled code keeps data below the stack pointer, where a trap must not write. */
static int red_zone(void)
{
    on(SIGSEGV, skip);
    uint64_t wrong = 0;
    __asm__ volatile("movl $16, %%ecx\n"
                     "1: movq %%rcx, -136(%%rsp,%%rcx,8)\n loop 1b\n"
                     "xorl %%eax, %%eax\n movq 8(%%rax), %%rax\n"
                     "movl $16, %%ecx\n"
                     "2: cmpq %%rcx, -136(%%rsp,%%rcx,8)\n je 3f\n incq %0\n"
                     "3: loop 2b\n"
                     : "+r"(wrong) : : "rax", "rcx", "memory", "cc");
    console_message("%lu of 16 words below the stack pointer changed", wrong);
    return 0;
}

static unsigned depth, deepest = 2;

static void fault_again(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    unsigned mine = ++depth;
    if (depth <= deepest)
        __asm__ volatile("xorl %%eax, %%eax\n movq 8(%%rax), %%rax\n" : : : "rax", "memory");
    console_message("handler %u returns", mine);
    general(context)[RIP] += 4;
}

static int nested(void)
{
    on(SIGSEGV, fault_again);
    __asm__ volatile("xorl %%eax, %%eax\n movq 8(%%rax), %%rax\n" : : : "rax", "memory");
    console_message("continued");
    return 0;
}

static int many(void)
{
    on(SIGSEGV, skip);
    for (unsigned i = 0; i < 10000; i++)
        __asm__ volatile("xorl %%eax, %%eax\n movq 8(%%rax), %%rax\n" : : : "rax", "memory");
    console_message("10000 faults came back");
    return 0;
}

/* --- Where the processor stops --- */

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

static char writable[] = {(char)0xc3};
static const char constant[] = {(char)0xc3, 1};

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

/* A page fault whose gate is missing: the second fault comes while the first is being delivered. */
static void double_fault(void)
{
    struct __attribute__((packed)) {
        uint16_t limit;
        uint64_t base;
    } table;
    __asm__ volatile("sidt %0" : "=m"(table));
    table.limit = 9 * 16 - 1;
    __asm__ volatile("lidt %0" : : "m"(table));
    read_from((char *)8);
}

/* --- The page tables that the processor uses --- */

static unsigned rights(uint64_t address)
{
    uint64_t root;
    __asm__("movq %%cr3, %0" : "=r"(root));
    uint64_t *table = (uint64_t *)(root & 0x000ffffffffff000ull);
    bool write = true, execute = true;
    for (int level = 3;; level--) {
        uint64_t entry = table[address >> (12 + 9 * level) & 511];
        if ((entry & 1) == 0)
            return 0;
        write &= (entry >> 1 & 1) != 0;
        execute &= entry >> 63 == 0;
        if (level == 0 || (entry & 0x80) != 0)
            return 1u | (write ? 2u : 0u) | (execute ? 4u : 0u);
        table = (uint64_t *)(entry & 0x000ffffffffff000ull);
    }
}

extern const char __text_start[], __text_end[], __data_start[];

static int tables(void)
{
    uint64_t cr0, low, high;
    __asm__("movq %%cr0, %0" : "=r"(cr0));
    __asm__("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000080));
    console_message("writes are checked %s, execution is checked %s", (cr0 >> 16 & 1) != 0 ? "yes" : "no",
                    (low >> 11 & 1) != 0 ? "yes" : "no");
    uint64_t text = (uintptr_t)__text_start, constants = ((uintptr_t)__text_end + 4095) & -4096ul,
             data = (uintptr_t)__data_start;
    unsigned both = 0, wrong = 0, guards = 0, mapped = 0;
    for (uint64_t at = 0; at < 1ull << 32; at += 4096) {
        unsigned r = rights(at);
        mapped += r != 0;
        both += (r & 6) == 6;
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
    console_message("pages: %u both written and executed, %u with wrong rights", both, wrong);
    /* Below five trap stacks, the boot stack and the first thread's. */
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
    CASE("vectors") return vectors(false);
    CASE("wide-vectors") return has_avx() ? vectors(true) : (console_message("no AVX here"), 0);
    CASE("red-zone") return red_zone();
    CASE("nested") return nested();
    CASE("nested-too-deep") return deepest = 1000, nested();
    CASE("many") return many();
    CASE("tables") return tables();
    CASE("write-text") write_to((char *)(uintptr_t)main);
    CASE("write-constant") write_to((char *)(uintptr_t)constant);
    CASE("write-boot-information") write_to((char *)0x10000);
    CASE("execute-data") call(writable);
    CASE("execute-constant") call((void *)(uintptr_t)constant);
    CASE("execute-heap") {
        char *code = malloc(100);
        *code = (char)0xc3;
        call(code);
    }
    CASE("execute-stack") {
        volatile char code = (char)0xc3;
        call((void *)&code);
    }
    CASE("read-null") read_from(NULL);
    CASE("read-tables-of-the-tender") read_from((char *)0x2000);
    CASE("read-behind-memory") read_from((char *)(16ul << 20));
    CASE("read-far-away") read_from((char *)(1ul << 46));
    CASE("read-noncanonical") read_from((char *)(1ul << 63));
    CASE("stack") return dig(1);
    CASE("stack-in-thread") return in_thread();
    CASE("boot-stack") write_to((char *)(16ul << 20) - 65536);
    CASE("divide") __asm__ volatile("xorl %%ecx, %%ecx\n movl $1, %%eax\n cltd\n idivl %%ecx" : : : "rax", "rcx", "rdx");
    CASE("invalid-opcode") __asm__ volatile("ud2");
    CASE("breakpoint") __asm__ volatile("int3");
    CASE("nmi") __asm__ volatile("int $2");
    CASE("double-fault") double_fault();
    console_message("nothing happened");
    return 64;
}
