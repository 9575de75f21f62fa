/* What an image may do with which part of memory, as translation tables; like the tables themselves it needs no processor. */
#ifndef MORGANA_LAYOUT_AARCH64_H
#define MORGANA_LAYOUT_AARCH64_H

#include "tables_aarch64.h"

/* The attributes that descriptors name by index. Those of solo5-hvt's own tables: they stay true while tables change. */
#define ATTRIBUTE_DEVICE 1
#define ATTRIBUTE_NORMAL 4
#define LAYOUT_ATTRIBUTES /* MAIR_EL1 */                                                                               \
    (0x04ull << (8 * ATTRIBUTE_DEVICE) /* nGnRE */ | 0xffull << (8 * ATTRIBUTE_NORMAL) /* write-back */)

/* Nothing counts accesses: they are said to have happened. */
#define LAYOUT_ANY     (TABLE_VALID | TABLE_ACCESSED | TABLE_SHAREABLE)
#define LAYOUT_NORMAL  (LAYOUT_ANY | TABLE_ATTRIBUTE(ATTRIBUTE_NORMAL))
#define LAYOUT_READ    (LAYOUT_NORMAL | TABLE_NO_EXECUTE | TABLE_READ_ONLY)
#define LAYOUT_WRITE   (LAYOUT_NORMAL | TABLE_NO_EXECUTE)
#define LAYOUT_EXECUTE (LAYOUT_NORMAL | TABLE_NO_EXECUTE_EL0 | TABLE_READ_ONLY)
#define LAYOUT_DEVICE  (LAYOUT_ANY | TABLE_NO_EXECUTE | TABLE_ATTRIBUTE(ATTRIBUTE_DEVICE))

/* Where a part begins; it ends where the next one does. Multiples of the page size, ascending. */
struct layout {
    uint64_t low; /* can be read: what the machine tells the image. Nothing is mapped below */
    uint64_t text;
    uint64_t constants;
    uint64_t data; /* and the heap */
    uint64_t end;
};

/* False when no page is left for a table. */
bool layout_map(struct tables *tables, const struct layout *layout);

/*
 * Maps a part of data and heap by pages, so that no change ever takes a block away that it lies in: what descriptors of blocks
 * are in must stay there while one is replaced. False when no page is left for a table.
 */
bool layout_map_by_pages(struct tables *tables, uint64_t start, uint64_t end);

/* Unmaps one page of data or heap, or maps it again. False outside of them and when no page is left for a table. */
bool layout_guard(struct tables *tables, const struct layout *layout, uint64_t page, bool guard);

#endif
