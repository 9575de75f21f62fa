/* The translation tables of AArch64, which are data as long as no processor is told of them, under names of their own. */
#include <stdlib.h>
#include <string.h>

#define tables_map tables_map_aarch64
#define tables_find tables_find_aarch64
#define layout_map layout_map_aarch64
#define layout_map_by_pages layout_map_by_pages_aarch64
#define layout_guard layout_guard_aarch64
#include "../../native/machine/tables_aarch64.c"
#include "../../native/machine/layout_aarch64.c"

static char *first_page, *next_page, *last_page;
static uint64_t *root;

/* Where the pages for tables would lie in the machine's memory, and what went wrong when descriptors were replaced. */
static uint64_t place;
static size_t replaced, faults;

static void *give_page(void)
{
    if (next_page == last_page)
        return NULL;
    char *page = next_page;
    next_page += 4096;
    return memset(page, 0, 4096);
}

/* As long as the descriptor is invalid, it must be possible to write to it. */
static void replace(uint64_t *descriptor, uint64_t value, uint64_t address)
{
    uint64_t size;
    struct tables tables = {.root = root};
    uint64_t own = place + (uint64_t)((char *)descriptor - first_page);
    replaced++;
    if ((*descriptor & TABLE_VALID) == 0 || tables_find(&tables, address, &size) == 0)
        faults++;
    *descriptor = 0;
    if (place != 0 && tables_find(&tables, own, &size) == 0)
        faults++;
    *descriptor = value;
}

static struct tables tables = {.page = give_page, .replace = replace};

/* Begins anew with so many pages for tables, which are to lie at an address of the machine (0: nowhere). */
uint64_t *aarch64_begin(void *pages, size_t count, uint64_t address)
{
    first_page = next_page = pages;
    last_page = next_page + 4096 * count;
    place = 0;
    replaced = faults = 0;
    root = tables.root = give_page();
    place = address;
    return root;
}

size_t aarch64_pages_left(void)
{
    return (size_t)(last_page - next_page) / 4096;
}

/* As machine_start does, with so many pages to spare. From here on it counts what replacing breaks. */
bool aarch64_layout(const struct layout *layout, size_t spare)
{
    uint64_t address = place;
    place = 0;
    bool done = layout_map(&tables, layout);
    if (done && address != 0) {
        size_t used = (size_t)(next_page - first_page) / 4096;
        done = layout_map_by_pages(&tables, address, address + (used + spare + 2) * 4096);
    }
    place = address;
    replaced = faults = 0;
    return done;
}

bool aarch64_guard(const struct layout *layout, uint64_t page, bool guard)
{
    return layout_guard(&tables, layout, page, guard);
}

bool aarch64_map(uint64_t start, uint64_t end, uint64_t bits)
{
    return tables_map(&tables, start, end, bits);
}

uint64_t aarch64_find(uint64_t address, uint64_t *size)
{
    return tables_find(&tables, address, size);
}

size_t aarch64_replaced(void)
{
    return replaced;
}

size_t aarch64_faults(void)
{
    return faults;
}
