/* The image's own translation tables. */
#include "processor_aarch64.h"
#include "tables_aarch64.h"

extern const char __text_start[], __text_end[], __data_start[];

/* Tables that later changes need: each 2 MiB with a guard takes one, a device two; more are taken from the heap. */
#define SPARE_PAGES 8

#define NORMAL  (TABLE_VALID | TABLE_ACCESSED | TABLE_SHAREABLE | TABLE_ATTRIBUTE(ATTRIBUTE_NORMAL))
#define READ    (NORMAL | TABLE_NO_EXECUTE | TABLE_READ_ONLY)
#define WRITE   (NORMAL | TABLE_NO_EXECUTE)
#define EXECUTE (NORMAL | TABLE_NO_EXECUTE_EL0 | TABLE_READ_ONLY)
#define DEVICE  (TABLE_VALID | TABLE_ACCESSED | TABLE_SHAREABLE | TABLE_NO_EXECUTE | TABLE_ATTRIBUTE(ATTRIBUTE_DEVICE))

static uintptr_t next_page, last_page;
static uintptr_t heap_end;

static void *table_page(void)
{
    if (next_page < last_page) {
        void *page = (void *)next_page;
        next_page += PAGE_SIZE;
        return memset(page, 0, PAGE_SIZE);
    }
    return pages_allocate(PAGE_SIZE, PAGE_SIZE);
}

/* Tables that the processor does not know yet. */
static void replace_unknown(uint64_t *descriptor, uint64_t value, uint64_t address)
{
    (void)address;
    *descriptor = value;
}

/*
 * The architecture's break-before-make. Descriptors of blocks lie in tables of the second level, and all of those that map
 * memory are made before the processor knows any of it, in pages that no block maps (see machine_start): so the second store
 * works although the block is gone for a moment. The stack may lie in it, so nothing but registers is used between the two.
 */
static void replace_known(uint64_t *descriptor, uint64_t value, uint64_t address)
{
    __asm__ volatile("str xzr, [%0]\n\t"
                     "dsb ishst\n\t"
                     "tlbi vaae1is, %2\n\t"
                     "dsb ish\n\t"
                     "isb\n\t"
                     "str %1, [%0]\n\t"
                     "dsb ishst\n\t"
                     "isb"
                     :
                     : "r"(descriptor), "r"(value), "r"(address >> 12)
                     : "memory");
}

static struct tables tables = {.page = table_page, .replace = replace_unknown};

static uintptr_t page_up(const void *address)
{
    return ((uintptr_t)address + PAGE_SIZE - 1) & -PAGE_SIZE;
}

uintptr_t machine_start(const struct machine_memory *memory)
{
    processor_start();
    uintptr_t text = (uintptr_t)__text_start, constants = page_up(__text_end), data = (uintptr_t)__data_start;
    uintptr_t first = next_page = page_up((const void *)memory->heap_start);
    last_page = heap_end = memory->end;
    tables.root = table_page();
    bool done = tables_map(&tables, memory->low, text, READ) && tables_map(&tables, text, constants, EXECUTE) &&
                tables_map(&tables, constants, data, READ) && tables_map(&tables, data, memory->end, WRITE);
    /* The tables themselves are mapped by pages: no block of theirs is ever split. The spare ones count, too. */
    for (uintptr_t at = first; done && at < next_page + SPARE_PAGES * PAGE_SIZE; at += PAGE_SIZE)
        done = tables_map(&tables, at, at + PAGE_SIZE, WRITE);
    if (!done)
        fatal("not enough memory for page tables; give the tender a larger --mem");
    last_page = next_page + SPARE_PAGES * PAGE_SIZE;
    traps_start();
    processor_use_tables(tables.root);
    tables.replace = replace_known;
    return last_page;
}

bool machine_map(uintptr_t start, uintptr_t end, enum machine_access access)
{
    uint64_t bits = access == MACHINE_READ ? READ : access == MACHINE_WRITE ? WRITE : DEVICE;
    bool done = tables_map(&tables, start & -PAGE_SIZE, page_up((const void *)end), bits);
    __asm__ volatile("dsb ishst\n\tisb" : : : "memory");
    return done;
}

bool machine_protect_guard(void *page, bool guard)
{
    uintptr_t at = (uintptr_t)page;
    if (at % PAGE_SIZE != 0 || at < (uintptr_t)__data_start || at >= heap_end)
        return false;
    bool done = tables_map(&tables, at, at + PAGE_SIZE, guard ? 0 : WRITE);
    __asm__ volatile("dsb ishst\n\tisb" : : : "memory");
    return done;
}
