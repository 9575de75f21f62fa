/*
 * The image's half of the shared network ring (docs/abi.md). A write is copied to a buffer of its place, submitted, and
 * forgotten; a read is submitted and waited for, which is no wait for a frame: the tender answers at once, SOLO5_R_AGAIN
 * when there is none. So no answer is ever left over between two calls, and solo5_yield's poll, which asks the devices
 * themselves, misses nothing.
 *
 * What the tender writes is read once and checked. What this side counts is its own and never read back from the ring.
 */
#include "ring.h"

#include "../../machine/machine.h"
#include "solo5_hvt_ring.h"
#include "solo5_manifest.h"

/* Writes under way. The tender is far behind by then; more would only be more memory. */
#define BUFFERS 64u
#define BUFFER_SIZE 2048u /* larger frames, of an MTU beyond 2034, go by hypercall */

/* Looks at an index before the processor is given away, and for how long: on a host with one processor the tender's thread needs it. */
#define LOOKS 1000u
#define PAUSE 20000u /* ns */

static struct hvt_ring *ring; /* NULL: hypercalls */
static uint8_t (*buffers)[BUFFER_SIZE];
static uint32_t submitted, taken;

uintptr_t ring_start(uintptr_t heap, uintptr_t end)
{
    uintptr_t boot = (uintptr_t)hvt_boot, manifest = (uintptr_t)hvt_boot->manifest;
    /* An older tender has the manifest where the offer would be. */
    if (manifest < boot + sizeof *hvt_boot || (hvt_boot->host_features & HVT_FEATURE_RING) == 0)
        return heap;
    uintptr_t address = (uintptr_t)hvt_boot->net_ring;
    /* Memory of the image, or an address that cannot be given in 32 bits, is no place for it. */
    if (address < hvt_boot->mem_size || address % PAGE_SIZE != 0 || address > UINT32_MAX - sizeof *ring)
        return heap;
    uintptr_t behind = heap + BUFFERS * BUFFER_SIZE;
    if (behind > end || end - behind < BUFFERS * BUFFER_SIZE ||
        !machine_map(address, address + sizeof *ring, MACHINE_WRITE))
        return heap;
    ring = (struct hvt_ring *)address;
    buffers = (uint8_t(*)[BUFFER_SIZE])heap;
    return behind;
}

static void relax(void)
{
#if defined(__x86_64__)
    __asm__ volatile("pause" : : : "memory");
#elif defined(__aarch64__)
    __asm__ volatile("yield" : : : "memory");
#endif
}

/* Between two looks at what the tender is to change: a short while at first, then sleeps that stop the guest. */
static void wait_a_little(uint32_t *looks)
{
    if (++*looks < LOOKS) {
        relax();
        return;
    }
    /* Returns at once when there is a frame; then it is an exit, in which the tender's thread may get its turn. */
    volatile struct hvt_poll call = {.timeout = PAUSE};
    hvt_call(HVT_POLL, &call);
}

/* Requests that the tender has not carried out. */
static uint32_t under_way(void)
{
    uint32_t count = submitted - __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
    if (count > HVT_RING_ENTRIES)
        fatal("the tender says of the network ring that it carried out %u requests more than there are", -count);
    return count;
}

static void wait_until_under_way(uint32_t most)
{
    for (uint32_t looks = 0; under_way() > most;)
        wait_a_little(&looks);
}

static void submit(enum hvt_ring_operation operation, solo5_handle_t handle, const void *frame, size_t size)
{
    ring->requests[submitted % HVT_RING_ENTRIES] = (struct hvt_ring_request){
        .operation = operation,
        .handle = (uint32_t)handle,
        .data = (uintptr_t)frame,
        .size = (uint32_t)size,
        .id = submitted,
    };
    __atomic_store_n(&ring->submitted, ++submitted, __ATOMIC_RELEASE);
    /* The tender sets needs_kick and then looks at the index; here it is the other way round, and neither may look first. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&ring->needs_kick, __ATOMIC_RELAXED) != 0)
        hvt_kick();
}

bool ring_write(solo5_handle_t handle, const uint8_t *frame, size_t size)
{
    if (ring == NULL)
        return false;
    if (size > BUFFER_SIZE) {
        /* Frames stay in order. */
        wait_until_under_way(0);
        return false;
    }
    /* The place's buffer is free when at most all others are in use. */
    wait_until_under_way(BUFFERS - 1);
    uint8_t *buffer = buffers[submitted % BUFFERS];
    memcpy(buffer, frame, size);
    submit(HVT_RING_WRITE, handle, buffer, size);
    return true;
}

bool ring_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size, solo5_result_t *result)
{
    if (ring == NULL)
        return false;
    /* Sizes have 32 bits here; no frame needs more. */
    if (size > UINT32_MAX)
        size = UINT32_MAX;
    uint32_t id = submitted;
    submit(HVT_RING_READ, handle, frame, size);
    uint32_t committed;
    for (uint32_t looks = 0; (committed = __atomic_load_n(&ring->committed, __ATOMIC_ACQUIRE)) == taken;)
        wait_a_little(&looks);
    volatile const struct hvt_ring_answer *place = &ring->answers[taken % HVT_RING_ENTRIES];
    const struct hvt_ring_answer answer = {.id = place->id, .result = place->result, .size = place->size};
    if (committed != taken + 1 || answer.id != id)
        fatal("the tender answers request %u of the network ring with %u answers, of which the first is to %u", id,
              committed - taken, answer.id);
    __atomic_store_n(&ring->taken, ++taken, __ATOMIC_RELEASE);
    if (answer.result < SOLO5_R_OK || answer.result > SOLO5_R_EUNSPEC)
        fatal("the tender answers request %u of the network ring with result %d, which does not exist", id, answer.result);
    *result = (solo5_result_t)answer.result;
    if (answer.result == SOLO5_R_OK) {
        if (answer.size > size)
            fatal("the tender says that it put %u bytes into a buffer of %zu", answer.size, size);
        *read_size = answer.size;
    }
    return true;
}

void ring_finish(void)
{
    if (ring == NULL)
        return;
    /* Nothing is fatal here, since this is how what is fatal ends. */
    uint64_t end = machine_clock() + 1000000000;
    uint32_t looks = 0;
    while (__atomic_load_n(&ring->head, __ATOMIC_ACQUIRE) != submitted && machine_clock() < end)
        wait_a_little(&looks);
}
