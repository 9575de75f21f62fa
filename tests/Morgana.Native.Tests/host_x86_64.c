/* The page tables of x86-64, which are data as long as no processor is told of them, under names of their own. */
#include <stdlib.h>
#include <string.h>

#define tables_map tables_map_x86_64
#define tables_find tables_find_x86_64
#define layout_map layout_map_x86_64
#define layout_guard layout_guard_x86_64
#include "../../native/machine/tables_x86_64.c"
#include "../../native/machine/layout_x86_64.c"

static char *next_page, *last_page;

static void *give_page(void)
{
    if (next_page == last_page)
        return NULL;
    char *page = next_page;
    next_page += 4096;
    return memset(page, 0, 4096);
}

static struct tables tables = {.page = give_page};

/* Begins anew with so many pages for tables; returns the root. */
uint64_t *x86_64_begin(void *pages, size_t count)
{
    next_page = pages;
    last_page = next_page + 4096 * count;
    return tables.root = give_page();
}

size_t x86_64_pages_left(void)
{
    return (size_t)(last_page - next_page) / 4096;
}

bool x86_64_layout(const struct layout *layout)
{
    return layout_map(&tables, layout);
}

bool x86_64_guard(const struct layout *layout, uint64_t page, bool guard)
{
    return layout_guard(&tables, layout, page, guard);
}

bool x86_64_map(uint64_t start, uint64_t end, uint64_t bits)
{
    return tables_map(&tables, start, end, bits);
}

uint64_t x86_64_find(uint64_t address, uint64_t *size)
{
    return tables_find(&tables, address, size);
}
