/*
 * Traps: what programs do wrong becomes a signal's arguments, as Linux would deliver them, and goes to fault_deliver, which
 * may change the registers and come back. All else ends in a report.
 */
#include "processor_x86_64.h"

#include "../include/morgana_trap.h"
#include "../include/solo5.h"

enum {
    VECTOR_DIVIDE = 0,
    VECTOR_DEBUG = 1,
    VECTOR_NMI = 2,
    VECTOR_BREAKPOINT = 3,
    VECTOR_INVALID_OPCODE = 6,
    VECTOR_DOUBLE_FAULT = 8,
    VECTOR_SEGMENT_MISSING = 11,
    VECTOR_STACK_SEGMENT = 12,
    VECTOR_PROTECTION = 13,
    VECTOR_PAGE_FAULT = 14,
    VECTOR_X87 = 16,
    VECTOR_ALIGNMENT = 17,
    VECTOR_MACHINE_CHECK = 18,
    VECTOR_SIMD = 19,
    TRAPS = 32,
};

/* What vectors_x86_64.S pushed. */
struct saved {
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx;
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};
_Static_assert(offsetof(struct saved, rip) == 136 && offsetof(struct saved, rsp) == 160, "vectors_x86_64.S says so");

/* glibc's ucontext_t for x86-64. */
struct signal_context {
    uint64_t flags;
    void *link;
    struct {
        void *stack;
        int flags;
        size_t size;
    } stack;
    struct {
        uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
        uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx;
        uint64_t rsp, rip, rflags, segments, error, trap, mask, cr2;
        void *floating_point; /* the area of FXSAVE or XSAVE */
        uint64_t reserved[8];
    } machine;
    sigset_t mask;
    uint8_t floating_point[512];
    uint64_t shadow_stack[4];
};
_Static_assert(offsetof(struct signal_context, machine) == 40, "ucontext_t: gregs");
_Static_assert(offsetof(struct signal_context, machine.floating_point) == 224, "ucontext_t: fpregs");
_Static_assert(offsetof(struct signal_context, mask) == 296, "ucontext_t: mask");
_Static_assert(sizeof(struct signal_context) == 968, "ucontext_t");

/* --- Descriptor tables (Intel SDM volume 3A, chapters 3, 6 and 8) --- */

#define CODE_SELECTOR 0x08
#define TASK_SELECTOR 0x18

static uint64_t gdt[5] = {
    0,
    0x00af9b000000ffff, /* code: 64 bits */
    0x00cf93000000ffff, /* data */
};

static struct __attribute__((packed)) {
    uint32_t reserved0;
    uint64_t privileged[3];
    uint64_t reserved1;
    uint64_t stack[7]; /* IST 1 to 7 */
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t permissions;
} task;
_Static_assert(sizeof task == 104, "task state segment");

static struct {
    uint16_t low;
    uint16_t selector;
    uint8_t stack;
    uint8_t type;
    uint16_t middle;
    uint32_t high;
    uint32_t reserved;
} idt[TRAPS + MACHINE_INTERRUPTS];
_Static_assert(sizeof idt[0] == 16, "interrupt gate");

struct __attribute__((packed)) table_pointer {
    uint16_t limit;
    uint64_t base;
};

extern const char machine_trap_vectors[], machine_interrupt_vectors[];
void machine_load_segments(const struct table_pointer *gdt, const struct table_pointer *idt);

/*
 * A trap while a trap is handled begins on the next stack, since the processor always begins at a stack's top: the
 * runtime's handler may fault, and so may the report. The lowest page of each becomes a guard.
 */
#define NESTING 3
#define STACKS  (NESTING + 2)
static uint8_t stack_memory[(16 + 4 + 4 + 4 + 4) * PAGE_SIZE] __attribute__((aligned(4096)));
static const uint8_t stack_pages[STACKS] = {16, 4, 4, 4 /* on which nesting too deep is noticed */, 4};
static uintptr_t stack_top[STACKS];

enum { IST_FAULT = 1, IST_HOPELESS = 2 /* double faults, NMI, machine checks */ };

static unsigned depth;
static struct morgana_trap_x86_64 last;

static void gate(unsigned vector, uintptr_t handler, unsigned stack)
{
    idt[vector].low = (uint16_t)handler;
    idt[vector].selector = CODE_SELECTOR;
    idt[vector].stack = (uint8_t)stack;
    idt[vector].type = 0x8e; /* present interrupt gate */
    idt[vector].middle = (uint16_t)(handler >> 16);
    idt[vector].high = (uint32_t)(handler >> 32);
}

void traps_start(void)
{
    uintptr_t at = (uintptr_t)stack_memory;
    for (unsigned i = 0; i < STACKS; i++) {
        (void)machine_protect_guard((void *)at, true);
        stack_top[i] = at += stack_pages[i] * PAGE_SIZE;
    }
    for (unsigned i = 0; i < TRAPS; i++) {
        bool hopeless = i == VECTOR_NMI || i == VECTOR_DOUBLE_FAULT || i == VECTOR_MACHINE_CHECK;
        gate(i, (uintptr_t)machine_trap_vectors + 16 * i, hopeless ? IST_HOPELESS : IST_FAULT);
    }
    for (unsigned i = 0; i < MACHINE_INTERRUPTS; i++)
        gate(TRAPS + i, (uintptr_t)machine_interrupt_vectors + 16 * i, 0);
    task.stack[IST_FAULT - 1] = stack_top[0];
    task.stack[IST_HOPELESS - 1] = stack_top[STACKS - 1];
    task.permissions = sizeof task;
    uint64_t base = (uintptr_t)&task;
    gdt[TASK_SELECTOR / 8] = (sizeof task - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
    gdt[TASK_SELECTOR / 8 + 1] = base >> 32;
    const struct table_pointer gdt_pointer = {sizeof gdt - 1, (uintptr_t)gdt};
    const struct table_pointer idt_pointer = {sizeof idt - 1, (uintptr_t)idt};
    uint64_t thread_pointer = read_msr(MSR_FS_BASE);
    machine_load_segments(&gdt_pointer, &idt_pointer);
    machine_set_thread_pointer(thread_pointer);
}

/* --- Handling --- */

static int signal_of(uint64_t vector)
{
    switch (vector) {
    case VECTOR_DIVIDE:
    case VECTOR_X87:
    case VECTOR_SIMD:
        return SIGFPE;
    case VECTOR_DEBUG:
    case VECTOR_BREAKPOINT:
        return SIGTRAP;
    case VECTOR_INVALID_OPCODE:
        return SIGILL;
    case VECTOR_SEGMENT_MISSING:
    case VECTOR_STACK_SEGMENT:
    case VECTOR_ALIGNMENT:
        return SIGBUS;
    case VECTOR_PROTECTION:
    case VECTOR_PAGE_FAULT:
        return SIGSEGV;
    default:
        return 0;
    }
}

/* As Linux fills it in for these traps (asm-generic/siginfo.h). */
static siginfo_t information(const struct saved *saved, int signal, uint64_t fault_address)
{
    siginfo_t info = {.signal = signal, .code = 0x80 /* SI_KERNEL: no address */};
    switch (saved->vector) {
    case VECTOR_PAGE_FAULT:
        info.code = (saved->error & 1) != 0 ? 2 /* SEGV_ACCERR */ : 1 /* SEGV_MAPERR */;
        info.address = (void *)fault_address;
        break;
    case VECTOR_DIVIDE:
        info.code = 1; /* FPE_INTDIV */
        info.address = (void *)saved->rip;
        break;
    case VECTOR_X87:
    case VECTOR_SIMD:
        info.code = 7; /* FPE_FLTINV */
        info.address = (void *)saved->rip;
        break;
    case VECTOR_INVALID_OPCODE:
        info.code = 2; /* ILL_ILLOPN */
        info.address = (void *)saved->rip;
        break;
    case VECTOR_ALIGNMENT:
        info.code = 1; /* BUS_ADRALN */
        break;
    }
    return info;
}

#define GENERAL(X) X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) X(rdi) X(rsi) X(rbp) X(rbx) X(rdx) X(rax) X(rcx)

static void remember(const struct saved *saved, uint64_t fault_address)
{
    last = (struct morgana_trap_x86_64){
        .cr2 = fault_address,
        .error_code = saved->error,
        .rip = saved->rip,
        .cs = saved->cs,
        .rflags = saved->rflags,
        .rsp = saved->rsp,
        .ss = saved->ss,
        .magic = MORGANA_TRAP_MAGIC,
        .vector = (uint32_t)saved->vector,
#define COPY(name) .name = saved->name,
        GENERAL(COPY)
#undef COPY
    };
}

const void *machine_trap(void)
{
    return depth > 0 ? &last : NULL;
}

static const char *name_of(uint64_t vector)
{
    switch (vector) {
    case VECTOR_NMI:
        return "non-maskable interrupt";
    case VECTOR_DOUBLE_FAULT:
        return "double fault";
    case VECTOR_MACHINE_CHECK:
        return "machine check";
    default:
        return "unexpected trap";
    }
}

/* Called on the trap's stack; `state` is the area of FXSAVE or XSAVE. */
void machine_trap_handle(struct saved *saved, void *state);
void machine_trap_handle(struct saved *saved, void *state)
{
    uint64_t fault_address = read_cr2();
    int signal = signal_of(saved->vector);
    if (++depth > NESTING) {
        console_message("faults within faults: the last at instruction %p", (void *)saved->rip);
        solo5_abort();
    }
    /* What began it is what who looks at it wants to see. */
    if (depth == 1)
        remember(saved, fault_address);
    task.stack[IST_FAULT - 1] = stack_top[depth];
    siginfo_t info = information(saved, signal, fault_address);
    struct signal_context context = {
        .machine = {
#define COPY(name) .name = saved->name,
            GENERAL(COPY)
#undef COPY
            .rsp = saved->rsp,
            .rip = saved->rip,
            .rflags = saved->rflags,
            .segments = saved->cs | saved->ss << 48,
            .error = saved->error,
            .trap = saved->vector,
            .cr2 = fault_address,
            .floating_point = state,
        },
    };
    if (signal == 0)
        report_fault(&context, "%s (trap %lu, error %lx): instruction %p, thread %s", name_of(saved->vector),
                     saved->vector, saved->error, (void *)saved->rip, thread_name());
    fault_deliver(signal, &info, &context);
#define COPY(name) saved->name = context.machine.name;
    GENERAL(COPY)
#undef COPY
    saved->rsp = context.machine.rsp;
    saved->rip = context.machine.rip;
    saved->rflags = context.machine.rflags;
    depth--;
    task.stack[IST_FAULT - 1] = stack_top[depth];
}

/* Bindings that let no interrupt happen. */
__attribute__((weak)) void bindings_interrupt(unsigned line)
{
    fatal("interrupt %u, which nobody asked for", line);
}
