/* What the files of these bindings offer each other. */
#ifndef MORGANA_VIRTIO_H
#define MORGANA_VIRTIO_H

#include "native.h"

/* --- boot.c: what the loader said --- */

struct boot_info {
    uintptr_t memory_end;     /* the memory around the image ends here */
    const char *command_line; /* not yet copied; may lie anywhere in memory */
    uintptr_t acpi;           /* the root pointer, when the loader knows it, else 0 */
};

/* `magic` is multiboot's number, or anything else for PVH; ends the image when neither loader was it. */
void boot_read(uint32_t magic, uintptr_t loader_info, struct boot_info *boot);

/* --- start.c --- */

/* Zeroed memory that stays for good; before the program gets the rest. Alignment is a power of two. */
void *early_allocate(size_t size, size_t alignment);

/* --- serial.c --- */
void serial_init(void);

/* --- clock.c --- */
void clock_init(void);
void clock_refine(void); /* now and then, while nothing is to be done */
uint64_t clock_frequency(void); /* of the cycle counter, in hertz */

/* --- devices.c --- */

/* Finds and starts them. Words of the command line that are about devices are taken out of it. */
void devices_init(char *command_line);

/* --- acpi.c --- */
void acpi_init(uintptr_t root);
void acpi_power_off(void); /* returns when the machine has no such thing */

/* The counter of 3.579545 MHz: its port, or 0 without one. */
uint16_t acpi_timer_port(void);
bool acpi_timer_is_32_bit(void);

/* --- idle.c: interrupts and sleep --- */
void idle_init(void);

/* Waits for an interrupt of a device, or until the monotonic clock reaches the deadline. Interrupts that came since
 * idle_init or the last idle_wait end it at once. */
void idle_wait(uint64_t deadline);

/* What a device writes where, to interrupt (message-signalled interrupts). */
uint64_t idle_message_address(void);
uint32_t idle_message_data(void);

#endif
