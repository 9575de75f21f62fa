/* Writable or executable, never both, and nothing where null pointers lead; see the header. */
#include "layout_aarch64.h"

bool layout_map(struct tables *tables, const struct layout *layout)
{
    return tables_map(tables, layout->low, layout->text, LAYOUT_READ) &&
           tables_map(tables, layout->text, layout->constants, LAYOUT_EXECUTE) &&
           tables_map(tables, layout->constants, layout->data, LAYOUT_READ) &&
           tables_map(tables, layout->data, layout->end, LAYOUT_WRITE);
}

bool layout_map_by_pages(struct tables *tables, uint64_t start, uint64_t end)
{
    for (; start < end; start += 4096)
        if (!tables_map(tables, start, start + 4096, LAYOUT_WRITE))
            return false;
    return true;
}

bool layout_guard(struct tables *tables, const struct layout *layout, uint64_t page, bool guard)
{
    if (page % 4096 != 0 || page < layout->data || page >= layout->end)
        return false;
    return tables_map(tables, page, page + 4096, guard ? 0 : LAYOUT_WRITE);
}
