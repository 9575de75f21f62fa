/* Builds and changes translation tables; see the header. */
#include "tables_aarch64.h"

#include <stddef.h>

#define PAGE  4096ull
#define BLOCK (512 * PAGE)
#define ENTRIES 512

/* Levels are counted as the architecture does: the root is level 1, pages are level 3. */
enum { ROOT = 1, BLOCKS = 2, PAGES = 3 };

static uint64_t span(unsigned level)
{
    return PAGE << (9 * (PAGES - level));
}

static uint64_t *descriptor_at(uint64_t *table, uint64_t address, unsigned level)
{
    return &table[address / span(level) % ENTRIES];
}

static uint64_t *table_at(uint64_t descriptor)
{
    return (uint64_t *)(uintptr_t)(descriptor & TABLE_ADDRESS);
}

static void set(struct tables *tables, uint64_t *descriptor, uint64_t value, uint64_t address)
{
    if ((*descriptor & TABLE_VALID) != 0 && *descriptor != value)
        tables->replace(descriptor, value, address);
    else
        /* The processor does not keep in mind that there was nothing. */
        __atomic_store_n(descriptor, value, __ATOMIC_RELEASE);
}

/* The table below a descriptor, made if there is none, or out of the block that the descriptor maps. */
static uint64_t *descend(struct tables *tables, uint64_t *descriptor, uint64_t address)
{
    if ((*descriptor & TABLE_VALID) != 0 && (*descriptor & TABLE_PAGE) != 0)
        return table_at(*descriptor);
    uint64_t *table = tables->page();
    if (table == NULL)
        return NULL;
    if ((*descriptor & TABLE_VALID) != 0)
        for (unsigned i = 0; i < ENTRIES; i++)
            table[i] = (*descriptor | TABLE_PAGE) + i * PAGE;
    /* Complete before it is linked: the processor may walk it at any time. */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    set(tables, descriptor, (uint64_t)(uintptr_t)table | TABLE_PAGE | TABLE_VALID, address);
    return table;
}

bool tables_map(struct tables *tables, uint64_t start, uint64_t end, uint64_t bits)
{
    while (start < end) {
        uint64_t *table = tables->root;
        for (unsigned level = ROOT;; level++) {
            uint64_t *descriptor = descriptor_at(table, start, level);
            bool is_table = (*descriptor & TABLE_VALID) != 0 && (*descriptor & TABLE_PAGE) != 0;
            if (level == PAGES ||
                /* A table stays a table: its pages were split for a reason that may come back. */
                (level == BLOCKS && !is_table && start % BLOCK == 0 && end - start >= BLOCK)) {
                uint64_t type = level == PAGES ? TABLE_PAGE : 0;
                set(tables, descriptor, bits == 0 ? 0 : start | bits | type, start);
                start += span(level);
                break;
            }
            if (bits == 0 && (*descriptor & TABLE_VALID) == 0) {
                /* Nothing is mapped here, and nothing shall be. */
                uint64_t next = (start / span(level) + 1) * span(level);
                start = next < end ? next : end;
                break;
            }
            table = descend(tables, descriptor, start);
            if (table == NULL)
                return false;
        }
    }
    return true;
}

uint64_t tables_find(const struct tables *tables, uint64_t address, uint64_t *size)
{
    uint64_t *table = tables->root;
    if (address >> TABLE_BITS != 0)
        return 0;
    for (unsigned level = ROOT;; level++) {
        uint64_t descriptor = *descriptor_at(table, address, level);
        *size = span(level);
        if ((descriptor & TABLE_VALID) == 0)
            return 0;
        if (level == PAGES || (descriptor & TABLE_PAGE) == 0)
            return descriptor;
        table = table_at(descriptor);
    }
}
