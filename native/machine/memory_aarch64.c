/* The image's own translation tables. */
#include "layout_aarch64.h"
#include "processor_aarch64.h"

extern const char __text_start[], __text_end[], __data_start[];

/* Tables that later changes need: each 2 MiB with a guard takes one, a device two; more are taken from the heap. */
#define SPARE_PAGES 8

static uintptr_t next_page, last_page;
static struct layout layout;

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
    layout = (struct layout){
        .low = memory->low,
        .text = (uintptr_t)__text_start,
        .constants = page_up(__text_end),
        .data = (uintptr_t)__data_start,
        .end = memory->end,
    };
    uintptr_t first = next_page = page_up((const void *)memory->heap_start);
    last_page = memory->end;
    tables.root = table_page();
    /* The tables may need another one for themselves; the spare ones are two more than they count for. */
    if (!layout_map(&tables, &layout) ||
        !layout_map_by_pages(&tables, first, next_page + (SPARE_PAGES + 2) * PAGE_SIZE))
        fatal("not enough memory for page tables; give the tender a larger --mem");
    last_page = next_page + SPARE_PAGES * PAGE_SIZE;
    traps_start();
    processor_use_tables(tables.root);
    tables.replace = replace_known;
    return last_page;
}

bool machine_map(uintptr_t start, uintptr_t end, enum machine_access access)
{
    uint64_t bits = access == MACHINE_READ    ? LAYOUT_READ
                    : access == MACHINE_WRITE ? LAYOUT_WRITE
                                              : LAYOUT_DEVICE;
    bool done = tables_map(&tables, start & -PAGE_SIZE, page_up((const void *)end), bits);
    __asm__ volatile("dsb ishst\n\tisb" : : : "memory");
    return done;
}

bool machine_protect_guard(void *page, bool guard)
{
    bool done = layout_guard(&tables, &layout, (uintptr_t)page, guard);
    __asm__ volatile("dsb ishst\n\tisb" : : : "memory");
    return done;
}
