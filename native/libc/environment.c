/*
 * The environment: how the garbage collector is told about the memory there
 * is. Values are hexadecimal, as .NET reads them.
 */
#include "format.h"
#include "native.h"

static char heap_limit[48], region_range[48], region_size[48], generation0[48];
static char *variables[] = {
    heap_limit, region_range, region_size, generation0, "DOTNET_gcConcurrent=0", NULL,
};
char **environ = variables;
char **__environ = variables;

void environment_init(size_t heap_size)
{
    /* An eighth, at least 6 MiB, is for stacks, buffers and the collector's
     * own tables; the managed heap has the rest. */
    size_t reserve = heap_size / 8;
    if (reserve < 6ul << 20)
        reserve = 6ul << 20;
    size_t heap = heap_size > 2 * reserve ? heap_size - reserve : heap_size / 2;
    /* The collector wants room for at least 19 regions, and eight times as
     * much in one piece for a large object. */
    size_t region = 4ul << 20;
    while (region > (128ul << 10) && heap / region < 64)
        region /= 2;
    heap &= -region;
    size_t young = heap / 8 < (256ul << 10) ? 256ul << 10 : heap / 8 > (4ul << 20) ? 4ul << 20 : heap / 8;
    snprintf(heap_limit, sizeof heap_limit, "DOTNET_GCHeapHardLimit=%zx", heap);
    snprintf(region_range, sizeof region_range, "DOTNET_GCRegionRange=%zx", heap);
    snprintf(region_size, sizeof region_size, "DOTNET_GCRegionSize=%zx", region);
    snprintf(generation0, sizeof generation0, "DOTNET_GCgen0size=%zx", young);
}

char *getenv(const char *name)
{
    size_t length = strlen(name);
    for (char **variable = environ; *variable != NULL; variable++) {
        if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
            return *variable + length + 1;
    }
    return NULL;
}
