/* The smallest image that an hvt tender runs: halts at its entry. What it takes is the tender's and KVM's. */
#include "native.h"
#include "solo5_hvt.h"
#include "solo5_notes.h"

const struct openbsd_note openbsd_note __attribute__((section(".note.solo5.not_openbsd"), used, aligned(4))) = {
    .name_size = 8, .descriptor_size = 4, .type = 1, .name = "OpenBSD"};
const struct abi_note abi_note __attribute__((section(".note.solo5.abi"), used, aligned(4))) = {
    .name_size = 6, .descriptor_size = 16, .type = ABI_NOTE_TYPE, .name = "Solo5", .target = HVT_ABI_TARGET,
    .version = HVT_ABI_VERSION};
const char interpreter[24] __attribute__((section(".interp"), used)) = "/nonexistent/solo5/";

__asm__(".pushsection .note.solo5.manifest,\"a\",%note\n"
        ".balign 4\n"
        ".long 6, 116, 0x3154464d\n"
        ".asciz \"Solo5\"\n"
        ".balign 4\n"
        ".long 0, 1, 1\n"
        ".zero 68\n"
        ".long 0x40000000\n"
        ".zero 32\n"
        ".popsection\n");

/* The linker script has a segment for this note, and an empty one is malformed: nothing is asked for. */
__asm__(".pushsection .note.morgana.abi,\"a\",%note\n"
        ".balign 4\n"
        ".long 8, 48, 1\n"
        ".asciz \"Morgana\"\n"
        ".long 1, 0\n"
        ".quad 0, 0, 0, 0, 0\n"
        ".popsection\n");

static volatile struct hvt_halt halt = {0};

_Noreturn void _start(void);
_Noreturn void _start(void)
{
    for (;;)
#if defined(__aarch64__)
        __asm__ volatile("str %w0, [%1]" : : "r"((uint32_t)(uintptr_t)&halt), "r"(HVT_MMIO + HVT_MMIO_STEP * HVT_HALT) : "memory");
#else
        __asm__ volatile("outl %0, %1" : : "a"((uint32_t)(uintptr_t)&halt), "d"((uint16_t)(HVT_PORT + HVT_HALT)) : "memory");
#endif
}
