/*
 * The image's half of hvt's network ring with a tender that sends every frame back: what is written is read again, in order.
 * It works when it is given the processor (a poll) unless it sleeps, then only a kick wakes it, as the real one.
 */
#include <setjmp.h>
#include <stdarg.h>

/* Names that other parts of this library have, or that the parts under test take from elsewhere. */
#define fatal hvt_ring_fatal
#define machine_map hvt_ring_map
#define machine_clock hvt_ring_clock
#include "../../native/bindings/hvt/ring.c"

/* The host's own; its headers and the layer's do not go together. */
#undef vsnprintf
int vsnprintf(char *, size_t, const char *, va_list);
void *host_mmap(void *, size_t, int, int, int, long) __asm__("mmap");

#define MEMORY 0x40000000ul
#define FRAMES 4096u
#define HEAP_SIZE (1u << 20)

enum lie { TRUTH, WRONG_ID, TOO_LONG, NO_SUCH_RESULT, NEGATIVE_RESULT, TWO_ANSWERS, NONE_BUT_SAID, HEAD_TOO_FAR };

static struct {
    struct hvt_boot_info boot;
    struct manifest manifest;
} boot;
struct hvt_boot_info *hvt_boot = &boot.boot;

static struct hvt_ring *shared;
static uint8_t heap_start[HEAP_SIZE] __attribute__((aligned(4096)));
static struct {
    uint32_t size;
    uint8_t data[BUFFER_SIZE];
} wire[FRAMES];
static uint32_t wire_first, wire_last, head, committed, chance, idle;
static enum lie lie;
static bool asleep;
static jmp_buf end;

char hvt_ring_message[256];

_Noreturn void fatal(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(hvt_ring_message, sizeof hvt_ring_message, format, arguments);
    va_end(arguments);
    longjmp(end, 1);
}

bool machine_map(uintptr_t start, uintptr_t stop, enum machine_access access)
{
    return start == (uintptr_t)shared && stop == start + sizeof *shared && access == MACHINE_WRITE;
}

uint64_t machine_clock(void)
{
    static uint64_t now;
    return now += 1000;
}

static uint32_t chosen(uint32_t most)
{
    chance = chance * 1664525 + 1013904223;
    return (chance >> 8) % (most + 1);
}

static void answer(const struct hvt_ring_request *request)
{
    struct hvt_ring_answer *place = &shared->answers[committed % HVT_RING_ENTRIES];
    *place = (struct hvt_ring_answer){.id = request->id, .result = SOLO5_R_AGAIN};
    if (wire_first != wire_last) {
        uint32_t size = wire[wire_first % FRAMES].size;
        place->result = SOLO5_R_OK;
        place->size = size < request->size ? size : request->size;
        memcpy((void *)(uintptr_t)request->data, wire[wire_first++ % FRAMES].data, place->size);
    }
    if (lie == WRONG_ID)
        place->id++;
    else if (lie == TOO_LONG)
        place->result = SOLO5_R_OK, place->size = request->size + 1;
    else if (lie == NO_SUCH_RESULT)
        place->result = SOLO5_R_EUNSPEC + 1;
    else if (lie == NEGATIVE_RESULT)
        place->result = -1;
    shared->committed = committed += lie == TWO_ANSWERS ? 2 : lie == NONE_BUT_SAID ? -1u : 1;
}

static void serve(uint32_t most)
{
    for (; head != shared->submitted && most > 0; most--) {
        const struct hvt_ring_request *request = &shared->requests[head % HVT_RING_ENTRIES];
        if (request->operation == HVT_RING_WRITE) {
            wire[wire_last % FRAMES].size = request->size;
            memcpy(wire[wire_last++ % FRAMES].data, (const void *)(uintptr_t)request->data, request->size);
        } else {
            answer(request);
        }
        idle = 0;
        shared->head = ++head + (lie == HEAD_TOO_FAR ? 1 : 0);
    }
    asleep = head == shared->submitted && chosen(1) == 0;
    shared->needs_kick = asleep;
}

void hvt_kick(void)
{
    asleep = false;
    shared->needs_kick = 0;
    serve(chosen(3));
}

void hvt_call(enum hvt_hypercall number, volatile void *argument)
{
    (void)argument;
    if (number != HVT_POLL || ++idle > 1000)
        fatal("nobody has woken the tender");
    if (!asleep)
        serve(1 + chosen(70));
}

/* Begins anew with indices at `index`; `features`, where the manifest lies behind the boot information, and where the ring is above memory. */
int hvt_ring_begin(uint32_t index, uint32_t seed, uint32_t features, size_t manifest, intptr_t place)
{
    if (shared == NULL) {
        /* Read and write; private, anonymous, at this address if nothing is there. */
        if (host_mmap((void *)MEMORY, 65536, 3, 0x100022, -1, 0) != (void *)MEMORY)
            return -2;
        shared = (struct hvt_ring *)MEMORY;
    }
    memset(shared, 0, sizeof *shared);
    boot.boot.mem_size = MEMORY;
    boot.boot.manifest = (const struct manifest *)((uintptr_t)&boot + manifest);
    boot.boot.host_features = features;
    boot.boot.net_ring = (void *)(MEMORY + (uintptr_t)place);
    ring = NULL;
    shared->submitted = shared->taken = shared->head = shared->committed = index;
    submitted = taken = head = committed = index;
    wire_first = wire_last = idle = 0;
    chance = seed;
    asleep = false;
    lie = TRUTH;
    uintptr_t start = (uintptr_t)heap_start, heap = ring_start(start, start + HEAP_SIZE);
    /* Its memory is what was taken off the heap, and only when there is a ring. */
    return ring == NULL ? heap == start ? 0 : -1 : heap == start + sizeof buffers[0] * BUFFERS ? 1 : -1;
}

void hvt_ring_lie(int which)
{
    lie = (enum lie)which;
}

/* 1: sent; 0: by hypercall, and nothing is under way; -1: the image ended, see the message. */
int hvt_ring_write(const uint8_t *frame, size_t size)
{
    if (setjmp(end) != 0)
        return -1;
    if (ring_write(0, frame, size))
        return 1;
    return ring == NULL || shared->submitted == head ? 0 : -2;
}

/* A size, or -1: nothing there; -2: the image ended; -3: there is no ring; -4: another result. */
int hvt_ring_read(uint8_t *frame, size_t size)
{
    size_t got = 0;
    solo5_result_t result;
    if (setjmp(end) != 0)
        return -2;
    if (!ring_read(0, frame, size, &got, &result))
        return -3;
    return result == SOLO5_R_OK ? (int)got : result == SOLO5_R_AGAIN ? -1 : -4;
}

/* How many requests are left when the image ends. */
int hvt_ring_finish(void)
{
    if (setjmp(end) != 0)
        return -1;
    ring_finish();
    return (int)(shared->submitted - head);
}
