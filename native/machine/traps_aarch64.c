/*
 * Exceptions of the processor: what programs do wrong becomes a signal's arguments, as Linux would deliver them, and goes to
 * fault_deliver, which may change the registers and come back. All else ends in a report.
 */
#include "processor_aarch64.h"

#include "../include/morgana_trap.h"
#include "../include/solo5.h"

/* Exception classes (ESR_EL1.EC), as far as EL1 can cause them itself. */
enum {
    CLASS_UNKNOWN = 0x00, /* undefined instructions */
    CLASS_FLOATING_POINT_OFF = 0x07,
    CLASS_BRANCH_TARGET = 0x0d,
    CLASS_ILLEGAL_STATE = 0x0e,
    CLASS_SYSTEM_CALL = 0x15,
    CLASS_SYSTEM_REGISTER = 0x18,
    CLASS_VECTOR_OFF = 0x19,
    CLASS_POINTER_AUTHENTICATION = 0x1c,
    CLASS_INSTRUCTION_ABORT = 0x21,
    CLASS_INSTRUCTION_ALIGNMENT = 0x22,
    CLASS_DATA_ABORT = 0x25,
    CLASS_STACK_ALIGNMENT = 0x26,
    CLASS_FLOATING_POINT = 0x2c,
    CLASS_BREAKPOINT_INSTRUCTION = 0x3c,
};

/* Faults of memory (ESR_EL1.DFSC, IFSC); the lowest two bits are the level of the tables. */
enum {
    FAULT_ADDRESS_SIZE = 0x00,
    FAULT_TRANSLATION = 0x04,
    FAULT_ACCESS = 0x08,
    FAULT_PERMISSION = 0x0c,
    FAULT_ALIGNMENT = 0x21,
};

/* Linux's ucontext_t for arm64 (asm/ucontext.h, asm/sigcontext.h). */
struct signal_context {
    uint64_t flags;
    void *link;
    struct {
        void *stack;
        int flags;
        size_t size;
    } stack;
    sigset_t mask; /* the kernel's is 8 bytes, and keeps the rest free */
    struct {
        uint64_t fault_address __attribute__((aligned(16)));
        uint64_t x[31];
        uint64_t sp;
        uint64_t pc;
        uint64_t pstate;
        struct {
            uint32_t magic;
            uint32_t size;
            uint32_t fpsr;
            uint32_t fpcr;
            unsigned __int128 v[32];
        } floating_point __attribute__((aligned(16)));
        struct {
            uint32_t magic;
            uint32_t size;
            uint64_t esr;
        } syndrome;
        struct {
            uint32_t magic;
            uint32_t size;
        } end;
        uint8_t reserved[3544];
    } machine;
};
#define FLOATING_POINT_MAGIC 0x46508001u
#define SYNDROME_MAGIC       0x45535201u
_Static_assert(offsetof(struct signal_context, machine) == 176, "ucontext_t: uc_mcontext");
_Static_assert(offsetof(struct signal_context, machine.x) == 184, "vectors_aarch64.S says so");
_Static_assert(offsetof(struct signal_context, machine.pc) == 440, "vectors_aarch64.S says so");
_Static_assert(offsetof(struct signal_context, machine.floating_point) == 464, "ucontext_t: the first record");
_Static_assert(offsetof(struct signal_context, machine.floating_point.fpsr) == 472, "vectors_aarch64.S says so");
_Static_assert(offsetof(struct signal_context, machine.floating_point.v) == 480, "vectors_aarch64.S says so");
_Static_assert(sizeof(struct signal_context) == 4560, "vectors_aarch64.S says so");

#define PSTATE_FLAGS 0xf0000000ull /* N, Z, C, V: what a handler may change */

/*
 * One stack for exceptions and for those that happen while one is handled, since the processor goes on where its stack pointer
 * is. The vectors notice when it is full; what is left then runs on the last stack. The lowest page of each is a guard.
 */
#define STACK_SIZE (9 * PAGE_SIZE)
#define LAST_STACK_SIZE (5 * PAGE_SIZE)
static uint8_t stack_memory[LAST_STACK_SIZE + STACK_SIZE] __attribute__((aligned(4096)));
const void *const machine_last_stack_top = stack_memory + LAST_STACK_SIZE;
const void *const machine_stack_lowest = stack_memory + LAST_STACK_SIZE + PAGE_SIZE;

#define NESTING 3
#define VECTORS 16

static unsigned depth;
static struct morgana_trap_aarch64 last;

extern const char machine_vectors[];
void machine_switch_stacks(void *exception_stack);

void traps_start(void)
{
    (void)machine_protect_guard(stack_memory, true);
    (void)machine_protect_guard(stack_memory + LAST_STACK_SIZE, true);
    WRITE_REGISTER(vbar_el1, (uintptr_t)machine_vectors);
    machine_switch_stacks(stack_memory + sizeof stack_memory);
    /* Errors of the machine itself are reported; interrupts stay masked. */
    __asm__ volatile("msr daifclr, #4");
}

/* As Linux fills it in (arch/arm64/mm/fault.c, kernel/traps.c); signal 0: nothing that a program would be told. */
static siginfo_t information(uint64_t syndrome, uint64_t fault_address, uint64_t instruction)
{
    siginfo_t info = {0};
    unsigned fault = syndrome & 0x3f;
    switch (syndrome >> 26 & 0x3f) {
    case CLASS_DATA_ABORT:
    case CLASS_INSTRUCTION_ABORT:
        info.address = (void *)fault_address;
        info.signal = SIGSEGV;
        switch (fault & ~3u) {
        case FAULT_TRANSLATION:
        case FAULT_ADDRESS_SIZE:
            info.code = 1; /* SEGV_MAPERR */
            break;
        case FAULT_ACCESS:
        case FAULT_PERMISSION:
            info.code = 2; /* SEGV_ACCERR */
            break;
        default:
            info.signal = SIGBUS;
            info.code = fault == FAULT_ALIGNMENT ? 1 /* BUS_ADRALN */ : 3 /* BUS_OBJERR */;
        }
        break;
    case CLASS_INSTRUCTION_ALIGNMENT:
    case CLASS_STACK_ALIGNMENT:
        info.signal = SIGBUS;
        info.code = 1; /* BUS_ADRALN */
        info.address = (void *)instruction;
        break;
    case CLASS_UNKNOWN:
    case CLASS_FLOATING_POINT_OFF:
    case CLASS_BRANCH_TARGET:
    case CLASS_ILLEGAL_STATE:
    case CLASS_SYSTEM_REGISTER:
    case CLASS_VECTOR_OFF:
    case CLASS_POINTER_AUTHENTICATION:
        info.signal = SIGILL;
        info.code = 1; /* ILL_ILLOPC */
        info.address = (void *)instruction;
        break;
    case CLASS_FLOATING_POINT:
        info.signal = SIGFPE;
        info.code = 7; /* FPE_FLTINV */
        info.address = (void *)instruction;
        break;
    case CLASS_BREAKPOINT_INSTRUCTION:
        info.signal = SIGTRAP;
        info.code = 1; /* TRAP_BRKPT */
        info.address = (void *)instruction;
        break;
    }
    return info;
}

static void remember(const struct signal_context *context, unsigned vector, uint64_t syndrome, uint64_t fault_address)
{
    last = (struct morgana_trap_aarch64){
        .far = fault_address,
        .esr = syndrome,
        .pc = context->machine.pc,
        .pstate = context->machine.pstate,
        .sp = context->machine.sp,
        .magic = MORGANA_TRAP_MAGIC,
        .vector = vector < VECTORS ? vector : 4,
    };
    memcpy(last.x, context->machine.x, sizeof last.x);
}

const void *machine_trap(void)
{
    return depth > 0 ? &last : NULL;
}

static const char *name_of(unsigned vector)
{
    static const char *const names[] = {"an exception that images have no use for", "an interrupt, which nobody asked for",
                                        "a fast interrupt, which nobody asked for", "an error of the machine (SError)"};
    return vector < VECTORS ? names[vector % 4] : "an exception while the stack for exceptions was full";
}

static _Noreturn void report(const struct signal_context *context, unsigned vector, uint64_t syndrome)
{
    report_fault(context, "%s (syndrome %lx): address %p, instruction %p, thread %s", name_of(vector), syndrome,
                 (void *)context->machine.fault_address, (void *)context->machine.pc, thread_name());
}

/* The register keeps what it had where it has nothing to say. */
static uint64_t fault_address_of(uint64_t syndrome)
{
    switch (syndrome >> 26 & 0x3f) {
    case CLASS_DATA_ABORT:
    case CLASS_INSTRUCTION_ABORT:
    case CLASS_INSTRUCTION_ALIGNMENT:
        return READ_REGISTER(far_el1);
    default:
        return 0;
    }
}

/* Called by the vectors on the stack of exceptions, with the registers where a signal handler finds them. */
void machine_trap_handle(struct signal_context *context, unsigned vector);
void machine_trap_handle(struct signal_context *context, unsigned vector)
{
    uint64_t syndrome = READ_REGISTER(esr_el1), fault_address = fault_address_of(syndrome);
    uint64_t state = context->machine.pstate;
    if (++depth > NESTING + 1)
        solo5_abort(); /* nothing can be said */
    if (depth > NESTING) {
        console_message("faults within faults: the last at instruction %p", (void *)context->machine.pc);
        solo5_abort();
    }
    /* What began it is what who looks at it wants to see. */
    if (depth == 1)
        remember(context, vector, syndrome, fault_address);
    siginfo_t info = information(syndrome, fault_address, context->machine.pc);
    bool synchronous = vector % 4 == 0 && vector < 8;
    context->machine.fault_address = fault_address;
    if (!synchronous || info.signal == 0)
        report(context, vector, syndrome);
    context->flags = 0;
    context->link = NULL;
    memset(&context->stack, 0, sizeof context->stack);
    memset(&context->mask, 0, sizeof context->mask);
    context->machine.floating_point.magic = FLOATING_POINT_MAGIC;
    context->machine.floating_point.size = sizeof context->machine.floating_point;
    context->machine.syndrome.magic = SYNDROME_MAGIC;
    context->machine.syndrome.size = sizeof context->machine.syndrome;
    context->machine.syndrome.esr = syndrome;
    context->machine.end.magic = 0;
    context->machine.end.size = 0;
    fault_deliver(info.signal, &info, context);
    context->machine.pstate = (state & ~PSTATE_FLAGS) | (context->machine.pstate & PSTATE_FLAGS);
    depth--;
}
