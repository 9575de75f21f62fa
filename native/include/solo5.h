/*
 * The Solo5 application interface, version 0.9 of the API, as the rest of the
 * native layer sees its machine. One implementation per target stands in
 * bindings/. Source of the semantics: Solo5's include/solo5.h.
 */
#ifndef MORGANA_SOLO5_H
#define MORGANA_SOLO5_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    SOLO5_R_OK = 0,
    SOLO5_R_AGAIN,   /* nothing to read now */
    SOLO5_R_EINVAL,  /* no such device, or an argument out of range */
    SOLO5_R_EUNSPEC, /* the device failed */
} solo5_result_t;

struct solo5_start_info {
    const char *cmdline;  /* arguments joined by spaces */
    uintptr_t heap_start; /* first byte that the image does not occupy */
    size_t heap_size;     /* bytes up to the boot stack's reserve */
};

/* Implemented by start/, called by the bindings on the boot stack. */
int solo5_app_main(const struct solo5_start_info *info);

#define SOLO5_EXIT_SUCCESS 0
#define SOLO5_EXIT_FAILURE 1
#define SOLO5_EXIT_ABORT   255

_Noreturn void solo5_exit(int status);
_Noreturn void solo5_abort(void);

typedef uint64_t solo5_time_t; /* nanoseconds */

solo5_time_t solo5_clock_monotonic(void);
solo5_time_t solo5_clock_wall(void); /* since 1970-01-01T00:00:00Z */

typedef uint64_t solo5_handle_t;
typedef uint64_t solo5_handle_set_t;

/* Sleeps until the monotonic deadline or until a network device can be read;
 * *ready_set gets one bit per readable device. */
void solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready_set);

void solo5_console_write(const char *text, size_t size);

solo5_result_t solo5_set_tls_base(uintptr_t base);

#define SOLO5_NET_ALEN 6
#define SOLO5_NET_HLEN 14

struct solo5_net_info {
    uint8_t mac_address[SOLO5_NET_ALEN];
    size_t mtu; /* without the Ethernet header */
};

solo5_result_t solo5_net_acquire(const char *name, solo5_handle_t *handle, struct solo5_net_info *info);
solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *frame, size_t size);
solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size);

typedef uint64_t solo5_off_t;

struct solo5_block_info {
    solo5_off_t capacity;   /* bytes */
    solo5_off_t block_size; /* bytes, a power of two */
};

/* Reads and writes move exactly one block at an aligned offset. */
solo5_result_t solo5_block_acquire(const char *name, solo5_handle_t *handle, struct solo5_block_info *info);
solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size);
solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size);

#endif
