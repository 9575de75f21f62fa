/* Page tables of x86-64, four levels, as data: nothing here touches the processor, so the host can test it. */
#ifndef MORGANA_TABLES_X86_64_H
#define MORGANA_TABLES_X86_64_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of an entry (Intel SDM volume 3A, table 4-19 and following). */
#define TABLE_PRESENT  (1ull << 0)
#define TABLE_WRITE    (1ull << 1)
#define TABLE_THROUGH  (1ull << 3) /* PWT */
#define TABLE_UNCACHED (1ull << 4) /* PCD */
#define TABLE_ACCESSED (1ull << 5)
#define TABLE_DIRTY    (1ull << 6)
#define TABLE_LARGE    (1ull << 7)
#define TABLE_NO_EXECUTE (1ull << 63)
#define TABLE_ADDRESS  0x000ffffffffff000ull

#define TABLE_LARGE_SIZE (2ul << 20)

struct tables {
    uint64_t *root;
    void *(*page)(void); /* one zeroed page for a table, at its physical address, or NULL */
};

/*
 * Maps the pages from `start` to `end` (multiples of 4096) one to one with these bits; bits without TABLE_PRESENT unmap.
 * Large pages where they fit; what was mapped in larger pages is split. False when no page is left for a table: then
 * what the range maps is as it was or as wanted, page by page.
 */
bool tables_map(struct tables *tables, uint64_t start, uint64_t end, uint64_t bits);

/* The entry that maps an address with the bits that hold for it, 0 if none does; *size gets its page's size. */
uint64_t tables_find(const struct tables *tables, uint64_t address, uint64_t *size);

#endif
