/*
 * The shared network ring of HVT ABI 2: requests and answers in memory right above the image's own. Source: Solo5's
 * include/hvt_ring.h; docs/abi.md tells who may do what when. Indices count from 0, wrap at 2^32, and are places modulo HVT_RING_ENTRIES.
 */
#ifndef MORGANA_SOLO5_HVT_RING_H
#define MORGANA_SOLO5_HVT_RING_H

#include <stddef.h>
#include <stdint.h>

/* Of hvt_boot_info.host_features: net_ring is the ring's address. */
#define HVT_FEATURE_RING (1u << 0)

#define HVT_RING_ENTRIES 1024u

/* Wakes the tender's thread: a 32-bit write of 0, to a port on x86-64, to an address on AArch64. */
#define HVT_RING_KICK_PORT 0x600u
#define HVT_RING_KICK_MMIO 0x100000100ul

enum hvt_ring_operation {
    HVT_RING_WRITE = 1, /* has no answer */
    HVT_RING_READ,
};

struct hvt_ring_request {
    uint32_t operation;
    uint32_t handle;
    uint64_t data; /* address of the frame */
    uint32_t size;
    uint32_t id; /* comes back in the answer */
    uint64_t reserved;
};

struct hvt_ring_answer {
    uint32_t id;
    int32_t result; /* solo5_result_t */
    uint32_t size;
    uint32_t reserved;
};

struct hvt_ring {
    /* Written by the image. */
    uint32_t submitted;
    uint32_t taken;
    uint8_t rest_of_image[56];
    /* Written by the tender. */
    uint32_t head; /* requests carried out: their frames are free again */
    uint32_t committed;
    uint32_t needs_kick;
    uint8_t rest_of_tender[52];
    struct hvt_ring_request requests[HVT_RING_ENTRIES];
    struct hvt_ring_answer answers[HVT_RING_ENTRIES];
};

_Static_assert(offsetof(struct hvt_ring_request, data) == 8 && offsetof(struct hvt_ring_request, size) == 16, "request");
_Static_assert(offsetof(struct hvt_ring_request, id) == 20 && sizeof(struct hvt_ring_request) == 32, "request");
_Static_assert(offsetof(struct hvt_ring_answer, result) == 4 && offsetof(struct hvt_ring_answer, size) == 8, "answer");
_Static_assert(sizeof(struct hvt_ring_answer) == 16, "answer");
_Static_assert(offsetof(struct hvt_ring, taken) == 4, "ring: written by the image");
_Static_assert(offsetof(struct hvt_ring, head) == 64 && offsetof(struct hvt_ring, committed) == 68, "ring: head");
_Static_assert(offsetof(struct hvt_ring, needs_kick) == 72, "ring: needs_kick");
_Static_assert(offsetof(struct hvt_ring, requests) == 128 && offsetof(struct hvt_ring, answers) == 32896, "ring: places");
_Static_assert(sizeof(struct hvt_ring) == 49280, "ring");

#endif
