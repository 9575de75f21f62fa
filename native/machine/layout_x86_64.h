/* What an image may do with which part of memory, as page tables; like the tables themselves it needs no processor. */
#ifndef MORGANA_LAYOUT_X86_64_H
#define MORGANA_LAYOUT_X86_64_H

#include "tables_x86_64.h"

/*
 * The processor counts neither accesses nor writes in these entries: both are said to have happened, so that it never
 * writes to a table by itself.
 */
#define LAYOUT_READ    (TABLE_PRESENT | TABLE_ACCESSED | TABLE_NO_EXECUTE)
#define LAYOUT_WRITE   (LAYOUT_READ | TABLE_WRITE | TABLE_DIRTY)
#define LAYOUT_EXECUTE (TABLE_PRESENT | TABLE_ACCESSED)
#define LAYOUT_DEVICE  (LAYOUT_WRITE | TABLE_UNCACHED | TABLE_THROUGH)

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

/* Unmaps one page of data or heap, or maps it again. False outside of them and when no page is left for a table. */
bool layout_guard(struct tables *tables, const struct layout *layout, uint64_t page, bool guard);

#endif
