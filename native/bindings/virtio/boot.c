/* Memory map and command line, from multiboot's information or PVH's. Sources: Multiboot Specification 0.6.96, 3.3;
 * Xen's public/arch-x86/hvm/start_info.h. */
#include "solo5.h"
#include "virtio.h"

#define MULTIBOOT_MAGIC    0x2badb002u
#define MULTIBOOT_CMDLINE  (1u << 2)
#define MULTIBOOT_MEMORY   (1u << 6)
#define MEMORY_USABLE      1u

struct multiboot_info {
    uint32_t flags;
    uint32_t memory_lower, memory_upper;
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t modules_count, modules;
    uint32_t symbols[4];
    uint32_t memory_map_size, memory_map;
};

struct multiboot_memory {
    uint32_t size; /* of what follows */
    uint64_t start, length;
    uint32_t type;
} __attribute__((packed));

#define PVH_MAGIC 0x336ec578u

struct pvh_info {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t modules_count;
    uint64_t modules;
    uint64_t command_line;
    uint64_t acpi;
    /* since version 1 */
    uint64_t memory_map;
    uint32_t memory_map_entries;
    uint32_t reserved;
};

struct pvh_memory {
    uint64_t start, length;
    uint32_t type;
    uint32_t reserved;
};

_Static_assert(sizeof(struct multiboot_memory) == 24, "multiboot memory map entry");
_Static_assert(sizeof(struct pvh_info) == 56, "PVH start info");
_Static_assert(sizeof(struct pvh_memory) == 24, "PVH memory map entry");

#define FOUR_GIB (1ull << 32)

extern const char __text_start[], __image_end[];

/* The usable range around the image decides; other ranges are left alone. */
static void consider(struct boot_info *boot, uint64_t start, uint64_t length, uint32_t type)
{
    uint64_t end = length > UINT64_MAX - start ? UINT64_MAX : start + length;
    if (type != MEMORY_USABLE || start > (uintptr_t)__text_start || end < (uintptr_t)__image_end)
        return;
    boot->memory_end = end > FOUR_GIB ? FOUR_GIB : end;
}

/* Multiboot puts the image's name before the arguments. */
static const char *without_name(const char *line)
{
    while (*line == ' ')
        line++;
    while (*line != 0 && *line != ' ')
        line++;
    while (*line == ' ')
        line++;
    return line;
}

static void read_multiboot(const struct multiboot_info *info, struct boot_info *boot)
{
    if ((info->flags & MULTIBOOT_MEMORY) == 0)
        fatal("the boot loader gave no memory map (multiboot flags %#x)", info->flags);
    if ((info->flags & MULTIBOOT_CMDLINE) != 0)
        boot->command_line = without_name((const char *)(uintptr_t)info->command_line);
    uint32_t at = 0;
    while (info->memory_map_size - at >= sizeof(struct multiboot_memory) && at < info->memory_map_size) {
        const struct multiboot_memory *entry = (const void *)((uintptr_t)info->memory_map + at);
        consider(boot, entry->start, entry->length, entry->type);
        at += entry->size + sizeof entry->size;
    }
}

static void read_pvh(const struct pvh_info *info, struct boot_info *boot)
{
    if (info->version == 0 || info->memory_map == 0)
        fatal("the hypervisor gave no memory map (PVH version %u)", info->version);
    if (info->command_line != 0)
        boot->command_line = (const char *)info->command_line;
    boot->acpi = info->acpi;
    const struct pvh_memory *entries = (const void *)info->memory_map;
    for (uint32_t i = 0; i < info->memory_map_entries; i++)
        consider(boot, entries[i].start, entries[i].length, entries[i].type);
}

void boot_read(uint32_t magic, uintptr_t loader_info, struct boot_info *boot)
{
    *boot = (struct boot_info){.command_line = ""};
    if (magic == MULTIBOOT_MAGIC)
        read_multiboot((const void *)loader_info, boot);
    else if (((const struct pvh_info *)loader_info)->magic == PVH_MAGIC)
        read_pvh((const void *)loader_info, boot);
    else
        fatal("started by neither multiboot nor PVH (%#x, %#lx): use a loader that knows one of them", magic, loader_info);
    if (boot->memory_end == 0)
        fatal("the memory map has no usable range around the image: give the machine more memory");
}
