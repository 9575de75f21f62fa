/*
 * Guest memory by the page. Three bits a page: taken, stale (it may hold
 * something else than zeroes), and head (malloc's large block begins here). Guest memory is all there is: an address range
 * that is reserved is a range of memory, so searches are first fit from the
 * bottom for small ranges and from the top for large ones, which keeps the
 * managed heap's big reservation apart from thread stacks and buffers.
 */
#include "native.h"

#define LARGE (1ul << 20)
#define END   64ul /* pages */

static uintptr_t base;
static size_t page_count;
static size_t free_pages;
static size_t low_hint; /* no free page below this index */
static uint64_t *taken;
static uint64_t *stale;
static uint64_t *head;

static bool test(const uint64_t *map, size_t i)
{
    return map[i / 64] >> (i % 64) & 1;
}

static void set(uint64_t *map, size_t from, size_t count, bool value)
{
    for (size_t i = from; i < from + count;) {
        if (i % 64 == 0 && from + count - i >= 64) {
            map[i / 64] = value ? UINT64_MAX : 0;
            i += 64;
        } else {
            uint64_t bit = 1ull << (i % 64);
            map[i / 64] = value ? map[i / 64] | bit : map[i / 64] & ~bit;
            i++;
        }
    }
}

void pages_init(uintptr_t start, size_t size)
{
    uintptr_t end = (start + size) & -PAGE_SIZE;
    start = (start + PAGE_SIZE - 1) & -PAGE_SIZE;
    if (end <= start || end - start < 64 * PAGE_SIZE)
        fatal("not enough memory: %zu KiB are left beside the image; give the tender a larger --mem",
              end > start ? (size_t)(end - start) / 1024 : (size_t)0);
    size_t words = ((end - start) / PAGE_SIZE + 63) / 64;
    size_t maps = (3 * words * sizeof(uint64_t) + PAGE_SIZE - 1) & -PAGE_SIZE;
    taken = (uint64_t *)start;
    stale = taken + words;
    head = stale + words;
    base = start + maps;
    page_count = free_pages = (end - base) / PAGE_SIZE;
}

static size_t find_up(size_t count, size_t step, size_t phase)
{
    size_t i = low_hint;
    while (i + count <= page_count) {
        if (i % step != phase) {
            i += (phase + step - i % step) % step;
            continue;
        }
        if (i % 64 == 0 && taken[i / 64] == UINT64_MAX) {
            i += 64;
            continue;
        }
        size_t run = 0;
        while (run < count && !test(taken, i + run))
            run++;
        if (run == count)
            return i;
        i += run + 1;
    }
    return SIZE_MAX;
}

static size_t find_down(size_t count, size_t step, size_t phase)
{
    if (count > page_count)
        return SIZE_MAX;
    size_t i = page_count - count;
    if (page_count > 2 * END && i >= END)
        i -= END; /* what pages_reserve_end gives is kept for it */
    i -= (i % step + step - phase) % step;
    while (i < page_count) { /* wraps when it passes zero */
        size_t run = count;
        while (run > 0 && !test(taken, i + run - 1))
            run--;
        if (run == 0)
            return i;
        /* The page i + run - 1 is taken: the next candidate ends below it. */
        size_t next = i + run - 1 - count;
        if (next > i)
            return SIZE_MAX;
        next -= (next % step + step - phase) % step;
        if (next >= i)
            return SIZE_MAX;
        i = next;
    }
    return SIZE_MAX;
}

static void take(size_t at, size_t count)
{
    set(taken, at, count, true);
    free_pages -= count;
    if (at == low_hint)
        low_hint += count;
}

void *pages_reserve_end(size_t size)
{
    size_t count = size / PAGE_SIZE;
    if (count > page_count)
        return NULL;
    size_t at = page_count - count;
    for (size_t i = at; i < page_count; i++) {
        if (test(taken, i))
            return NULL;
    }
    take(at, count);
    return (void *)(base + at * PAGE_SIZE);
}

void *pages_reserve(size_t size, size_t alignment)
{
    size_t count = (size + PAGE_SIZE - 1) / PAGE_SIZE;
    if (count == 0 || count > free_pages)
        return NULL;
    size_t step = alignment > PAGE_SIZE ? alignment / PAGE_SIZE : 1;
    size_t phase = (step - base / PAGE_SIZE % step) % step;
    size_t at = size >= LARGE ? find_down(count, step, phase) : find_up(count, step, phase);
    if (at == SIZE_MAX)
        return NULL;
    take(at, count);
    return (void *)(base + at * PAGE_SIZE);
}

void *pages_allocate(size_t size, size_t alignment)
{
    void *start = pages_reserve(size, alignment);
    if (start != NULL)
        pages_clean(start, size);
    return start;
}

bool pages_contain(const void *start, size_t size)
{
    uintptr_t address = (uintptr_t)start;
    size_t bytes = page_count * PAGE_SIZE;
    return address >= base && address - base <= bytes && size <= bytes - (address - base);
}

bool pages_below(const void *start)
{
    return (uintptr_t)start < base;
}

void pages_free(void *start, size_t size)
{
    size_t at = ((uintptr_t)start - base) / PAGE_SIZE;
    size_t count = (size + PAGE_SIZE - 1) / PAGE_SIZE;
    for (size_t i = at; i < at + count; i++)
        free_pages += test(taken, i);
    set(taken, at, count, false);
    set(stale, at, count, true);
    if (at < low_hint)
        low_hint = at;
}

void pages_discard(void *start, size_t size)
{
    set(stale, ((uintptr_t)start - base) / PAGE_SIZE, (size + PAGE_SIZE - 1) / PAGE_SIZE, true);
}

void pages_clean(void *start, size_t size)
{
    size_t at = ((uintptr_t)start - base) / PAGE_SIZE;
    size_t count = (size + PAGE_SIZE - 1) / PAGE_SIZE;
    for (size_t i = at; i < at + count; i++) {
        if (test(stale, i))
            memset((void *)(base + i * PAGE_SIZE), 0, PAGE_SIZE);
    }
    set(stale, at, count, false);
}

void pages_set_head(void *start, bool value)
{
    set(head, ((uintptr_t)start - base) / PAGE_SIZE, 1, value);
}

bool pages_is_head(const void *start)
{
    return test(head, ((uintptr_t)start - base) / PAGE_SIZE);
}

size_t pages_total(void)
{
    return page_count;
}

size_t pages_free_count(void)
{
    return free_pages;
}
