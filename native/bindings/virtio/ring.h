/*
 * A split virtqueue (virtio 1.1, 2.6; the layout is that of 0.9 too): descriptors, what is available to the device, and
 * what it has used. Plain memory, no device: tests on a host play the device, the honest one and the one that lies.
 *
 * Everything that the device writes is distrusted: an index or length that cannot be true breaks the ring for good, and
 * nothing is read or written outside of it or of the buffers that were given to it.
 */
#ifndef MORGANA_VIRTIO_RING_H
#define MORGANA_VIRTIO_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_LARGEST 32768u /* descriptors; a power of two */

struct ring_descriptor {
    uint64_t address;
    uint32_t size;
    uint16_t flags;
    uint16_t next;
};

#define RING_NEXT  1u /* of a descriptor: another follows */
#define RING_WRITE 2u /* the device writes there */

struct ring_available {
    uint16_t flags;
    uint16_t index;
    uint16_t ring[];
};

#define RING_NO_INTERRUPT 1u

struct ring_used_entry {
    uint32_t id;
    uint32_t size;
};

struct ring_used {
    uint16_t flags;
    uint16_t index;
    struct ring_used_entry ring[];
};

#define RING_NO_NOTIFY 1u

/* What the driver keeps of a descriptor to itself: what the device can write is not read back. */
struct ring_chain {
    uint32_t writable; /* of a chain's first descriptor: bytes that the device may write */
    uint16_t count;    /* of a chain's first descriptor: how many; 0: not with the device */
    uint16_t next;     /* in the chain, or among the free ones */
};

struct ring {
    uint16_t size;
    struct ring_descriptor *descriptors;
    struct ring_available *available;
    volatile struct ring_used *used;
    struct ring_chain *chains;
    uint16_t free_first, free_count;
    uint16_t available_index; /* ours; what is in shared memory the device could change */
    uint16_t used_index;      /* up to here it was looked at */
    bool broken;
};

struct ring_buffer {
    void *start;
    uint32_t size;
    bool device_writes; /* those come last in a chain */
};

/* Bytes of memory for a ring in the old layout, aligned to 4096: used entries begin on a page of their own. */
size_t ring_memory_size(uint16_t size);

/* `memory` is zeroed, of ring_memory_size, aligned to a page; `chains` has `size` elements, zeroed. Size: a power of two. */
void ring_init(struct ring *ring, uint16_t size, void *memory, struct ring_chain *chains);

/* Gives a chain to the device. False when there are too few free descriptors. *head is what ring_take gives back. */
bool ring_give(struct ring *ring, const struct ring_buffer *buffers, unsigned count, uint16_t *head);

/* True when the device wants to be told of what it was given. */
bool ring_wants_notice(const struct ring *ring);

/* True when ring_take has something, or the ring has just proved to be broken. */
bool ring_has_used(const struct ring *ring);

/* Takes a chain back: its head, and how many bytes the device says that it wrote, at most those that it might.
 * False when there is none, or the ring is broken. */
bool ring_take(struct ring *ring, uint16_t *head, uint32_t *written);

/* Whether the device shall interrupt. After asking for it, look again: it may have been too late. */
void ring_interrupts(struct ring *ring, bool wanted);

#endif
