/* A split virtqueue; see the header. */
#include "ring.h"

#define PAGE 4096ul

static size_t available_size(uint16_t size)
{
    return sizeof(struct ring_available) + (size_t)size * 2 + 2; /* with the word for event indexes */
}

static size_t used_offset(uint16_t size)
{
    return ((size_t)size * sizeof(struct ring_descriptor) + available_size(size) + PAGE - 1) & -PAGE;
}

size_t ring_memory_size(uint16_t size)
{
    size_t used = sizeof(struct ring_used) + (size_t)size * sizeof(struct ring_used_entry) + 2;
    return used_offset(size) + ((used + PAGE - 1) & -PAGE);
}

void ring_init(struct ring *ring, uint16_t size, void *memory, struct ring_chain *chains)
{
    *ring = (struct ring){
        .size = size,
        .descriptors = memory,
        .available = (void *)((char *)memory + size * sizeof(struct ring_descriptor)),
        .used = (void *)((char *)memory + used_offset(size)),
        .chains = chains,
        .free_count = size,
    };
    for (unsigned i = 0; i < size; i++)
        chains[i].next = (uint16_t)((i + 1) & (size - 1u));
    ring->available->flags = RING_NO_INTERRUPT;
}

bool ring_give(struct ring *ring, const struct ring_buffer *buffers, unsigned count, uint16_t *head)
{
    if (ring->broken || count == 0 || count > ring->free_count)
        return false;
    uint16_t at = ring->free_first;
    uint32_t writable = 0;
    for (unsigned i = 0; i < count; i++) {
        struct ring_descriptor *descriptor = &ring->descriptors[at];
        descriptor->address = (uintptr_t)buffers[i].start;
        descriptor->size = buffers[i].size;
        descriptor->flags =
            (uint16_t)((i + 1 < count ? RING_NEXT : 0) | (buffers[i].device_writes ? RING_WRITE : 0));
        if (buffers[i].device_writes)
            writable += buffers[i].size;
        descriptor->next = ring->chains[at].next;
        at = ring->chains[at].next;
    }
    *head = ring->free_first;
    ring->chains[*head].writable = writable;
    ring->chains[*head].count = (uint16_t)count;
    ring->free_first = at;
    ring->free_count = (uint16_t)(ring->free_count - count);
    ring->available->ring[ring->available_index & (ring->size - 1)] = *head;
    ring->available_index++;
    /* The entry before the index that makes it count. */
    __atomic_store_n(&ring->available->index, ring->available_index, __ATOMIC_RELEASE);
    return true;
}

bool ring_wants_notice(const struct ring *ring)
{
    /* The index must be seen before the flag is read: else both sides may wait for each other. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return (ring->used->flags & RING_NO_NOTIFY) == 0;
}

bool ring_has_used(const struct ring *ring)
{
    return !ring->broken && __atomic_load_n(&ring->used->index, __ATOMIC_ACQUIRE) != ring->used_index;
}

bool ring_take(struct ring *ring, uint16_t *head, uint32_t *written)
{
    if (ring->broken)
        return false;
    uint16_t pending = (uint16_t)(__atomic_load_n(&ring->used->index, __ATOMIC_ACQUIRE) - ring->used_index);
    if (pending == 0)
        return false;
    volatile struct ring_used_entry *entry = &ring->used->ring[ring->used_index & (ring->size - 1)];
    /* Read once: what was checked is what is used. */
    uint32_t id = entry->id, size = entry->size;
    if (pending > ring->size || id >= ring->size || ring->chains[id].count == 0 || size > ring->chains[id].writable) {
        ring->broken = true;
        return false;
    }
    ring->used_index++;
    uint16_t last = (uint16_t)id;
    for (unsigned i = 1; i < ring->chains[id].count; i++)
        last = ring->chains[last].next;
    ring->chains[last].next = ring->free_first;
    ring->free_first = (uint16_t)id;
    ring->free_count = (uint16_t)(ring->free_count + ring->chains[id].count);
    ring->chains[id].count = 0;
    *head = (uint16_t)id;
    *written = size;
    return true;
}

void ring_interrupts(struct ring *ring, bool wanted)
{
    __atomic_store_n(&ring->available->flags, wanted ? 0 : RING_NO_INTERRUPT, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
