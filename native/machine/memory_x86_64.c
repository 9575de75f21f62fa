/* The image's own page tables. */
#include "layout_x86_64.h"
#include "processor_x86_64.h"

extern const char __text_start[], __text_end[], __data_start[];

/* Tables that later changes need, a page for each 2 MiB that gets a guard; more are taken from the heap. */
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

static struct tables tables = {.page = table_page};

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
    next_page = page_up((const void *)memory->heap_start);
    last_page = memory->end;
    tables.root = table_page();
    if (!layout_map(&tables, &layout))
        fatal("not enough memory for page tables; give the tender a larger --mem");
    last_page = next_page + SPARE_PAGES * PAGE_SIZE;
    write_cr3((uintptr_t)tables.root);
    traps_start();
    return last_page;
}

bool machine_map(uintptr_t start, uintptr_t end, enum machine_access access)
{
    uint64_t bits = access == MACHINE_READ    ? LAYOUT_READ
                    : access == MACHINE_WRITE ? LAYOUT_WRITE
                                              : LAYOUT_DEVICE;
    bool done = tables_map(&tables, start & -PAGE_SIZE, page_up((const void *)end), bits);
    write_cr3(read_cr3()); /* forgets what it knew of old entries */
    return done;
}

bool machine_protect_guard(void *page, bool guard)
{
    if (!layout_guard(&tables, &layout, (uintptr_t)page, guard))
        return false;
    __asm__ volatile("invlpg (%0)" : : "r"(page) : "memory");
    return true;
}
