/*
 * The bare processor, for bindings that own it (hvt, virtio): page tables with write-or-execute, traps, floating point,
 * the thread pointer, a clock out of the cycle counter. One implementation an architecture: files end in its name.
 *
 * A linker script for it aligns to pages and defines __text_start, __text_end (then constants follow, up to) and
 * __data_start. Order at a binding's entry, on its boot stack, with memory mapped one to one and writable:
 *   machine_start(...), machine_clock_start(...), then solo5_app_main with the heap that machine_start left.
 */
#ifndef MORGANA_MACHINE_H
#define MORGANA_MACHINE_H

#include "../include/native.h"

/* What memory there is; addresses are physical and virtual ones. */
struct machine_memory {
    uintptr_t low;        /* from here to the image memory can be read; below it nothing is mapped; at least one page */
    uintptr_t heap_start; /* first byte above the image */
    uintptr_t end;        /* first byte above memory, a multiple of the page size */
};

/*
 * Takes the processor over: page tables of its own out of the linker script's symbols (text can be read and executed,
 * constants read, data and heap written), trap vectors, floating point with all vector registers that the processor has.
 * Returns where the heap begins now: page tables are taken off its start. Ends the image with a message where the
 * processor cannot do what is needed.
 */
uintptr_t machine_start(const struct machine_memory *memory);

/* How memory that machine_start did not map is to be mapped. */
enum machine_access {
    MACHINE_READ,   /* memory: tables of the firmware */
    MACHINE_WRITE,  /* memory, never executable */
    MACHINE_DEVICE, /* registers of a device: read and written, not cached */
};

/* Maps what `start` to `end` touches, page by page, one to one. False when no memory is left for page tables. */
bool machine_map(uintptr_t start, uintptr_t end, enum machine_access access);

/* bindings_protect_guard: unmaps one page of the heap, or maps it again. */
bool machine_protect_guard(void *page, bool guard);

/* solo5_set_tls_base. */
void machine_set_thread_pointer(uintptr_t base);

/* Nanoseconds out of the cycle counter, which counts at this rate in Hz (3.91 MHz to 1 THz). False: no such rate. */
bool machine_clock_start(uint64_t rate);
uint64_t machine_clock(void);

/*
 * The trap that is being handled, NULL when none is: MORGANA_TRAP_SIZE bytes as in include/morgana_trap.h. hvt's solo5_abort
 * gives it to the tender as its cookie.
 */
const void *machine_trap(void);

#if defined(__x86_64__)
/* Vectors from here on are interrupts of devices; bindings that let them happen implement the handler. */
#define MACHINE_FIRST_INTERRUPT 32
#define MACHINE_INTERRUPTS 16
void bindings_interrupt(unsigned line);

/* Sleeps until an interrupt was handled; interrupts happen nowhere else. One that is pending already does not sleep. */
void machine_wait_for_interrupt(void);
#endif

#endif
