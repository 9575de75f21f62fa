/* Entry of an hvt image: the tender lets the processor begin here, in 64-bit mode with memory mapped one to one. */
#include "hvt.h"
#include "ring.h"

#include "../../machine/machine.h"
#include "morgana_abi.h"
#include "solo5.h"
#include "solo5_notes.h"

/* Kept free below the top of memory for the boot stack; all of it is left for good when the first thread starts. */
#define BOOT_STACK_RESERVE 65536ul

/* Where the tender puts what it tells the image; nothing of use lies below. */
#define LOWEST_ADDRESS 0x10000ul

struct hvt_boot_info *hvt_boot;

static struct morgana_grant grant __attribute__((aligned(8), section(".data.grant"))) = {0};

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
    .target = HVT_ABI_TARGET,
    .version = HVT_ABI_VERSION,
};

/*
 * Asks for a seed alone: faults and guard pages are this image's own business. Addresses are link-time constants, but not
 * ones that C may put in a packed integer: the note is laid out by the assembler.
 */
__asm__(".pushsection " MORGANA_NOTE_SECTION ",\"a\",%note\n"
        ".balign 4\n"
        ".long 8, 48, 1\n"
        ".asciz \"" MORGANA_NOTE_NAME "\"\n"
        ".long 1, 0\n"
        ".quad morgana_grant_address, 0, 0, 0, 0\n"
        ".popsection\n");
_Static_assert(MORGANA_NOTE_TYPE == 1 && MORGANA_ABI_VERSION == 1, "the note says so");
extern struct morgana_grant morgana_grant_address __attribute__((alias("grant")));

bool bindings_faults_delivered(void)
{
    return true;
}

bool bindings_protect_guard(void *page, bool guard)
{
    return machine_protect_guard(page, guard);
}

const uint8_t *bindings_seed(size_t *size)
{
    /* The grant is written behind the compiler's back. */
    const volatile struct morgana_grant *g = &grant;
    *size = g->version == MORGANA_ABI_VERSION && (g->granted & MORGANA_GRANT_SEED) != 0 ? MORGANA_SEED_SIZE : 0;
    return grant.seed;
}

const char *bindings_target(void)
{
    return "hvt";
}

_Noreturn void _start(struct hvt_boot_info *boot);
_Noreturn void _start(struct hvt_boot_info *boot)
{
    hvt_boot = boot;
    uintptr_t end = boot->mem_size & -PAGE_SIZE;
    if (end < boot->kernel_end + 2 * BOOT_STACK_RESERVE)
        fatal("not enough memory: %zu KiB are left beside the image; give the tender a larger --mem",
              end > boot->kernel_end ? (size_t)(end - boot->kernel_end) / 1024 : (size_t)0);
    const struct machine_memory memory = {.low = LOWEST_ADDRESS, .heap_start = boot->kernel_end, .end = end};
    uintptr_t heap = machine_start(&memory);
    if (!hvt_calls_start())
        __builtin_trap(); /* nothing can be said */
    if (!machine_clock_start(boot->cpu_cycle_freq))
        fatal("the tender says that the cycle counter counts at %lu Hz, which no processor's does", boot->cpu_cycle_freq);
    /* The boot stack's own guard. */
    (void)machine_protect_guard((void *)(end - BOOT_STACK_RESERVE), true);
    heap = ring_start(heap, end - BOOT_STACK_RESERVE);
    const struct solo5_start_info info = {
        .cmdline = boot->cmdline,
        .heap_start = heap,
        .heap_size = end > heap + BOOT_STACK_RESERVE ? end - heap - BOOT_STACK_RESERVE : 0,
    };
    solo5_exit(solo5_app_main(&info));
}
