/*
 * HVT ABI 2: what the tender leaves in memory for the image, and the hypercalls. Source: Solo5's include/hvt_abi.h.
 * Self-contained. Pointers are guest addresses, below 4 GiB.
 */
#ifndef MORGANA_SOLO5_HVT_H
#define MORGANA_SOLO5_HVT_H

#include <stddef.h>
#include <stdint.h>

#define HVT_ABI_TARGET  1
#define HVT_ABI_VERSION 2

struct manifest;

struct hvt_boot_info {
    uint64_t mem_size;       /* end of guest memory */
    uint64_t kernel_end;     /* first byte above the image */
    uint64_t cpu_cycle_freq; /* of the cycle counter, in Hz */
    const char *cmdline;
    const struct manifest *manifest;
    /* What follows is there under tenders that know the shared network ring; elsewhere it is the start of the manifest:
     * see docs/abi.md for how to tell. */
    uint32_t host_features;
    uint32_t guest_features;
    void *net_ring;
};

_Static_assert(offsetof(struct hvt_boot_info, cpu_cycle_freq) == 16, "boot info: frequency");
_Static_assert(offsetof(struct hvt_boot_info, manifest) == 32, "boot info: manifest");
_Static_assert(offsetof(struct hvt_boot_info, net_ring) == 48, "boot info: ring");
_Static_assert(sizeof(struct hvt_boot_info) == 56, "boot info");

/* Hypercall n is a 32-bit write of the argument's address: on x86-64 to a port, on AArch64 to an address. */
#define HVT_PORT 0x500u
#define HVT_MMIO 0x100000000ul
#define HVT_MMIO_STEP 8u

enum hvt_hypercall {
    HVT_WALLTIME = 1,
    HVT_PUTS,
    HVT_POLL,
    HVT_BLOCK_WRITE,
    HVT_BLOCK_READ,
    HVT_NET_WRITE,
    HVT_NET_READ,
    HVT_HALT,
};

struct hvt_walltime {
    uint64_t nanoseconds; /* out: since 1970 */
};

struct hvt_puts {
    const char *text;
    size_t size;
};

struct hvt_poll {
    uint64_t timeout; /* nanoseconds from now */
    uint64_t ready;   /* out: a bit for each device that can be read */
    int32_t count;    /* out */
};

struct hvt_block {
    uint64_t handle;
    uint64_t offset;
    void *data;
    size_t size;
    int32_t result; /* out: solo5_result_t */
};

struct hvt_net {
    uint64_t handle;
    void *data;
    size_t size;    /* of a frame that is read: out, too */
    int32_t result; /* out: solo5_result_t */
};

struct hvt_halt {
    const void *cookie; /* NULL or HVT_COOKIE_SIZE bytes: the trap frame, for a core */
    int32_t status;
};
#define HVT_COOKIE_SIZE 512

_Static_assert(sizeof(struct hvt_walltime) == 8, "walltime");
_Static_assert(sizeof(struct hvt_puts) == 16, "puts");
_Static_assert(offsetof(struct hvt_poll, ready) == 8 && offsetof(struct hvt_poll, count) == 16, "poll");
_Static_assert(sizeof(struct hvt_poll) == 24, "poll");
_Static_assert(offsetof(struct hvt_block, data) == 16 && offsetof(struct hvt_block, result) == 32, "block");
_Static_assert(sizeof(struct hvt_block) == 40, "block");
_Static_assert(offsetof(struct hvt_net, size) == 16 && offsetof(struct hvt_net, result) == 24, "net");
_Static_assert(sizeof(struct hvt_net) == 32, "net");
_Static_assert(offsetof(struct hvt_halt, status) == 8 && sizeof(struct hvt_halt) == 16, "halt");

#endif
