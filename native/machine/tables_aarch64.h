/* Translation tables of AArch64, three levels of 4 KiB pages, as data: nothing here touches the processor, so the host can test it. */
#ifndef MORGANA_TABLES_AARCH64_H
#define MORGANA_TABLES_AARCH64_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of a descriptor (Arm Architecture Reference Manual, VMSAv8-64, stage 1). */
#define TABLE_VALID      (1ull << 0)
#define TABLE_PAGE       (1ull << 1) /* a table, or at the last level a page; a block has it not */
#define TABLE_ATTRIBUTE(index) ((uint64_t)(index) << 2)
#define TABLE_READ_ONLY  (1ull << 7) /* AP[2] */
#define TABLE_SHAREABLE  (3ull << 8) /* inner */
#define TABLE_ACCESSED   (1ull << 10)
#define TABLE_NO_EXECUTE (3ull << 53) /* PXN and UXN */
#define TABLE_NO_EXECUTE_EL0 (2ull << 53)
#define TABLE_ADDRESS    0x0000fffffffff000ull

/* What one table of each level maps: 512 GiB at the root, then 1 GiB, then 2 MiB. */
#define TABLE_BITS 39

struct tables {
    uint64_t *root;
    void *(*page)(void); /* one zeroed page for a table, at its physical address, or NULL */

    /*
     * Changes a descriptor that the processor may know: makes it invalid, makes the processor forget what it knew of
     * `address`, then puts the value there (0: it stays invalid). Between the two nothing that the descriptor maps can be
     * accessed.
     */
    void (*replace)(uint64_t *descriptor, uint64_t value, uint64_t address);
};

/*
 * Maps the pages from `start` to `end` (multiples of 4096) one to one with these bits (no TABLE_PAGE); 0 unmaps. Blocks of
 * 2 MiB where they fit; a block of which a part is changed is split. False when no page is left for a table: then what the
 * range maps is as it was or as wanted, page by page. The caller's barrier makes new descriptors visible.
 */
bool tables_map(struct tables *tables, uint64_t start, uint64_t end, uint64_t bits);

/* The descriptor that maps an address, 0 if none does; *size gets the size of its page or block. */
uint64_t tables_find(const struct tables *tables, uint64_t address, uint64_t *size);

#endif
