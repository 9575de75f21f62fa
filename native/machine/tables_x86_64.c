/* Builds and changes page tables; see the header. */
#include "tables_x86_64.h"

#include <stddef.h>

#define PAGE      4096ull
#define SPAN(level) (PAGE << (9 * (level))) /* what an entry of a table maps: level 0 are pages */
#define TOP       3

static unsigned index_of(uint64_t address, unsigned level)
{
    return address / SPAN(level) % 512;
}

static uint64_t *table_at(uint64_t entry)
{
    return (uint64_t *)(uintptr_t)(entry & TABLE_ADDRESS);
}

/* Upper levels allow everything: what a page may be used for stands in its own entry. */
#define INNER (TABLE_PRESENT | TABLE_WRITE | TABLE_ACCESSED)

/* The table below an entry, made if there is none, or out of the large page that the entry maps. */
static uint64_t *descend(struct tables *tables, uint64_t *entry, unsigned level)
{
    if ((*entry & TABLE_PRESENT) != 0 && (*entry & TABLE_LARGE) == 0)
        return table_at(*entry);
    uint64_t *table = tables->page();
    if (table == NULL)
        return NULL;
    if ((*entry & TABLE_PRESENT) != 0) {
        /* Complete before it is linked: the processor may walk it at any time. */
        uint64_t bits = level == 1 ? *entry & ~TABLE_LARGE : *entry;
        for (unsigned i = 0; i < 512; i++)
            table[i] = bits + i * SPAN(level - 1);
    }
    __atomic_store_n(entry, (uint64_t)(uintptr_t)table | INNER, __ATOMIC_RELEASE);
    return table;
}

bool tables_map(struct tables *tables, uint64_t start, uint64_t end, uint64_t bits)
{
    while (start < end) {
        uint64_t *table = tables->root;
        unsigned level = TOP;
        for (;;) {
            uint64_t *entry = &table[index_of(start, level)];
            /* A table stays a table: its pages may be split for a reason that comes back. */
            bool fits = level == 0 || (level == 1 && start % SPAN(1) == 0 && end - start >= SPAN(1) &&
                                       ((*entry & TABLE_PRESENT) == 0 || (*entry & TABLE_LARGE) != 0));
            if (fits) {
                uint64_t value = (bits & TABLE_PRESENT) == 0 ? 0 : start | bits | (level == 1 ? TABLE_LARGE : 0);
                __atomic_store_n(entry, value, __ATOMIC_RELEASE);
                start += SPAN(level);
                break;
            }
            if ((bits & TABLE_PRESENT) == 0 && (*entry & TABLE_PRESENT) == 0) {
                /* Nothing is mapped here, and nothing shall be. */
                uint64_t next = (start / SPAN(level) + 1) * SPAN(level);
                start = next < end ? next : end;
                break;
            }
            table = descend(tables, entry, level);
            if (table == NULL)
                return false;
            level--;
        }
    }
    return true;
}

uint64_t tables_find(const struct tables *tables, uint64_t address, uint64_t *size)
{
    const uint64_t *table = tables->root;
    if (address >> 48 != 0)
        return 0;
    for (unsigned level = TOP;; level--) {
        uint64_t entry = table[index_of(address, level)];
        *size = SPAN(level);
        if ((entry & TABLE_PRESENT) == 0)
            return 0;
        if (level == 0 || (entry & TABLE_LARGE) != 0)
            return entry;
        table = table_at(entry);
    }
}
