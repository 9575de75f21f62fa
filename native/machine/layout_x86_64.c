/* Writable or executable, never both, and nothing where null pointers lead; see the header. */
#include "layout_x86_64.h"

bool layout_map(struct tables *tables, const struct layout *layout)
{
    return tables_map(tables, layout->low, layout->text, LAYOUT_READ) &&
           tables_map(tables, layout->text, layout->constants, LAYOUT_EXECUTE) &&
           tables_map(tables, layout->constants, layout->data, LAYOUT_READ) &&
           tables_map(tables, layout->data, layout->end, LAYOUT_WRITE);
}

bool layout_guard(struct tables *tables, const struct layout *layout, uint64_t page, bool guard)
{
    if (page % 4096 != 0 || page < layout->data || page >= layout->end)
        return false;
    return tables_map(tables, page, page + 4096, guard ? 0 : LAYOUT_WRITE);
}
