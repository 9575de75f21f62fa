/* From the loader's entry to start/: what memory there is, the processor, clocks, devices; and the way out. */
#include "../../machine/machine.h"
#include "io.h"
#include "solo5.h"
#include "solo5_notes.h"
#include "virtio.h"

#define ABI_TARGET_VIRTIO  3
#define ABI_VERSION_VIRTIO 1

const struct abi_note abi_note __attribute__((section(".note.solo5.abi"), used, aligned(4))) = {
    .name_size = 6,
    .descriptor_size = 16,
    .type = ABI_NOTE_TYPE,
    .name = "Solo5",
    .target = ABI_TARGET_VIRTIO,
    .version = ABI_VERSION_VIRTIO,
};

extern const char __text_start[], __image_end[];

/* Loaders that read the file in one piece put this wrong if its layout and that of memory differ. */
static volatile uint64_t last_of_file __attribute__((section(".got.morgana.last"))) = 0x616e6167726f6dull;

static uintptr_t early, early_end;

void *early_allocate(size_t size, size_t alignment)
{
    uintptr_t at = (early + alignment - 1) & -alignment;
    if (at > early_end || early_end - at < size)
        fatal("not enough memory for the devices: give the machine more");
    early = at + size;
    return memset((void *)at, 0, size);
}

bool bindings_faults_delivered(void)
{
    return true;
}

bool bindings_protect_guard(void *page, bool guard)
{
    return machine_protect_guard(page, guard);
}

const char *bindings_target(void)
{
    return "virtio";
}

solo5_result_t solo5_set_tls_base(uintptr_t base)
{
    machine_set_thread_pointer(base);
    return SOLO5_R_OK;
}

/* --- the end --- */

/*
 * QEMU's isa-debug-exit at its usual port ends QEMU with (code << 1) | 1, of which the host sees 8 bits. 255, which
 * Morgana gives to every abnormal end, is sent as 127, and what lies between as 126. Port 0x501 is free on PCs.
 */
#define DEBUG_EXIT_PORT 0x501

static uint8_t debug_exit_code(int status)
{
    uint8_t code = (uint8_t)status;
    return code == 255 ? 127 : code > 126 ? 126 : code;
}

_Noreturn void solo5_exit(int status)
{
    __asm__ volatile("cli");
    if ((status & 0xff) != 0)
        out8(DEBUG_EXIT_PORT, debug_exit_code(status));
    acpi_power_off();
    out8(DEBUG_EXIT_PORT, debug_exit_code(status));
    /* No way to switch off: start again, which QEMU's -no-reboot turns into an end, by a trap that nothing can take. */
    static const struct __attribute__((packed)) {
        uint16_t limit;
        uint64_t base;
    } none = {0, 0};
    __asm__ volatile("lidt %0\n\tint3" : : "m"(none));
    for (;;)
        __asm__ volatile("hlt");
}

_Noreturn void solo5_abort(void)
{
    solo5_exit(SOLO5_EXIT_ABORT);
}

/* --- the beginning --- */

_Noreturn void virtio_start(uint64_t loader_info, uint64_t magic);
_Noreturn void virtio_start(uint64_t loader_info, uint64_t magic)
{
    serial_init();
    if (last_of_file != 0x616e6167726f6dull)
        fatal("the loader put the image's data elsewhere than its addresses say");
    struct boot_info boot;
    boot_read((uint32_t)magic, loader_info, &boot);
    /* The loader's memory ends here: the arguments are taken along to where the heap begins. */
    uintptr_t heap = (uintptr_t)__image_end;
    size_t size = strlen(boot.command_line) + 1;
    if (heap + size > boot.memory_end)
        fatal("not enough memory: give the machine more");
    char *command_line = memmove((void *)heap, boot.command_line, size);
    acpi_init(boot.acpi);
    const struct machine_memory memory = {
        .low = (uintptr_t)__text_start,
        .heap_start = (heap + size + PAGE_SIZE - 1) & -PAGE_SIZE,
        .end = boot.memory_end & -PAGE_SIZE,
    };
    early = machine_start(&memory);
    early_end = memory.end;
    clock_init();
    idle_init();
    devices_init(command_line);
    const struct solo5_start_info info = {
        .cmdline = command_line,
        .heap_start = early,
        .heap_size = early_end - early,
    };
    solo5_exit(solo5_app_main(&info));
}
