/*
 * The options of the bindings: those of the Solo5 tenders, with the same
 * words, and --port for the host's sockets. They stand before the program's
 * own arguments; "--" ends them.
 */
#include "../../libc/format.h"
#include "unix.h"

#include <stdarg.h>

#define MEMORY_MOST (1ll << 20) /* MB */

_Noreturn void refuse(int status, const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    int size = vsnprintf(text, sizeof text - 1, format, values);
    va_end(values);
    if (size > (int)sizeof text - 2)
        size = sizeof text - 2;
    text[size++] = '\n';
    (void)unix_syscall(SYS_WRITE, 2, (long)"morgana: ", 9, 0, 0, 0);
    (void)unix_syscall(SYS_WRITE, 2, (long)text, size, 0, 0, 0);
    solo5_exit(status);
}

int64_t number_read(const char *text, size_t size, int64_t limit)
{
    int64_t value = 0;
    if (size == 0)
        return -1;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
        if (value > limit)
            return -1;
    }
    return value;
}

static const char *after(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

static uint64_t memory_read(const char *text)
{
    int64_t megabytes = number_read(text, strlen(text), MEMORY_MOST);
    if (megabytes < 1)
        refuse(EXIT_USAGE, "--mem=%s: give the memory as a number of megabytes, 1 to %lld", text, MEMORY_MOST);
    return (uint64_t)megabytes << 20;
}

static const struct {
    const char *prefix;
    void (*take)(const char *name, size_t name_size, const char *value);
} device_options[] = {
    {"--net:", devices_attach_net},
    {"--net-mac:", devices_set_mac},
    {"--block:", devices_attach_block},
    {"--block-sector-size:", devices_set_block_size},
    {"--port:", sockets_map_port},
};

static bool device_option(const char *argument)
{
    for (size_t i = 0; i < sizeof device_options / sizeof device_options[0]; i++) {
        const char *name = after(argument, device_options[i].prefix);
        if (name == NULL)
            continue;
        const char *equals = name;
        while (*equals != 0 && *equals != '=')
            equals++;
        if (equals == name || *equals == 0 || equals[1] == 0)
            refuse(EXIT_USAGE, "%s: write %sNAME=VALUE", argument, device_options[i].prefix);
        device_options[i].take(name, (size_t)(equals - name), equals + 1);
        return true;
    }
    return false;
}

int options_read(int count, char **arguments, struct unix_options *options)
{
    for (int i = 1; i < count; i++) {
        const char *memory = after(arguments[i], "--mem=");
        if (memory != NULL)
            options->memory = memory_read(memory);
        else if (strcmp(arguments[i], "--") == 0)
            return i + 1;
        else if (!device_option(arguments[i]))
            return i;
    }
    return count;
}
