/* Entry of an spt image: the tender jumps here on the boot stack. */
#include "solo5_spt.h"

#include "morgana_abi.h"
#include "native.h"
#include "solo5.h"
#include "solo5_notes.h"
#include "syscall.h"

/* Kept free below the top of memory for the boot stack; all of it is left for
 * good when the first thread starts. */
#define BOOT_STACK_RESERVE 65536ul

#define FAULT_STACK_SIZE 65536ul

struct spt_boot_info *spt_boot;

static struct morgana_grant grant __attribute__((aligned(8), section(".data.grant"))) = {0};
static uint8_t fault_stack[FAULT_STACK_SIZE] __attribute__((aligned(4096)));

/* The kernel calls this with a signal's arguments, on the fault stack. */
static void fault_entry(int signal, siginfo_t *info, void *context)
{
    fault_deliver(signal, info, context);
}

const char interpreter[24] __attribute__((section(".interp"), used)) = "/nonexistent/solo5/";

const struct openbsd_note openbsd_note __attribute__((section(".note.solo5.not_openbsd"), used, aligned(4))) = {
    .name_size = 8,
    .descriptor_size = 4,
    .type = 1,
    .name = "OpenBSD",
};

const struct abi_note abi_note __attribute__((section(".note.solo5.abi"), used, aligned(4))) = {
    .name_size = 6,
    .descriptor_size = 16,
    .type = ABI_NOTE_TYPE,
    .name = "Solo5",
    .target = SPT_ABI_TARGET,
    .version = SPT_ABI_VERSION,
};

/* Addresses are link-time constants, but not ones that C may put in a packed
 * integer: the note is laid out by the assembler. */
__asm__(".pushsection " MORGANA_NOTE_SECTION ",\"a\",@note\n"
        ".balign 4\n"
        ".long 8, 48, 1\n"
        ".asciz \"" MORGANA_NOTE_NAME "\"\n"
        ".long 1, 0\n"
        ".quad morgana_grant_address, morgana_fault_entry, spt_fault_return, morgana_fault_stack\n"
        ".quad 65536\n"
        ".popsection\n");
_Static_assert(FAULT_STACK_SIZE == 65536, "the note says so");
_Static_assert(MORGANA_NOTE_TYPE == 1 && MORGANA_ABI_VERSION == 1, "the note says so");
extern struct morgana_grant morgana_grant_address __attribute__((alias("grant")));
extern uint8_t morgana_fault_stack[FAULT_STACK_SIZE] __attribute__((alias("fault_stack")));
void morgana_fault_entry(int, siginfo_t *, void *) __attribute__((alias("fault_entry")));

/* The grant is written behind the compiler's back. */
static uint32_t granted(void)
{
    const volatile struct morgana_grant *g = &grant;
    return g->version == MORGANA_ABI_VERSION ? g->granted : 0;
}

bool bindings_faults_delivered(void)
{
    return (granted() & MORGANA_GRANT_FAULTS) != 0;
}

bool bindings_protect_guard(void *page, bool guard)
{
    if ((granted() & MORGANA_GRANT_GUARDS) == 0)
        return false;
    return spt_syscall(SYS_MPROTECT, (long)page, MORGANA_GUARD_SIZE, guard ? PROT_NONE : PROT_READ | PROT_WRITE, 0, 0,
                       0) == 0;
}

const uint8_t *bindings_seed(size_t *size)
{
    *size = (granted() & MORGANA_GRANT_SEED) != 0 ? MORGANA_SEED_SIZE : 0;
    return grant.seed;
}

const char *bindings_target(void)
{
    return "spt";
}

_Noreturn void _start(struct spt_boot_info *boot);
_Noreturn void _start(struct spt_boot_info *boot)
{
    spt_boot = boot;
    if (!bindings_faults_delivered())
        console_message("this tender delivers no faults: a null dereference or a division by zero will end the image "
                        "with a signal, not an exception");
    const struct solo5_start_info info = {
        .cmdline = boot->cmdline,
        .heap_start = boot->kernel_end,
        .heap_size = boot->mem_size > boot->kernel_end + BOOT_STACK_RESERVE
                         ? boot->mem_size - boot->kernel_end - BOOT_STACK_RESERVE
                         : 0,
    };
    solo5_exit(solo5_app_main(&info));
}
