/*
 * Devices whose registers lie in memory without a bus to find them on (virtio 1.1, 4.2): Firecracker, QEMU's microvm.
 * Machines without ACPI name them on the command line, as Linux wants it: virtio_mmio.device=SIZE@ADDRESS:INTERRUPT. These
 * words are taken out of it. The interrupt is not used: it would take an I/O APIC; devices are looked at instead.
 */
#include "../../machine/machine.h"
#include "../../libc/format.h"
#include "transport.h"

#define MAGIC 0x74726976u /* "virt" */
#define VERSION_LEGACY 1u
#define VERSION_MODERN 2u

enum {
    REGISTER_MAGIC = 0x00,
    REGISTER_VERSION = 0x04,
    REGISTER_TYPE = 0x08,
    DEVICE_FEATURES = 0x10,
    DEVICE_FEATURES_SELECT = 0x14,
    DRIVER_FEATURES = 0x20,
    DRIVER_FEATURES_SELECT = 0x24,
    GUEST_PAGE_SIZE = 0x28, /* legacy */
    QUEUE_SELECT = 0x30,
    QUEUE_SIZE_MOST = 0x34,
    QUEUE_SIZE = 0x38,
    QUEUE_ALIGNMENT = 0x3c, /* legacy */
    QUEUE_PAGE = 0x40,      /* legacy */
    QUEUE_READY = 0x44,
    QUEUE_NOTIFY = 0x50,
    STATUS = 0x70,
    QUEUE_DESCRIPTORS = 0x80,
    QUEUE_AVAILABLE = 0x90,
    QUEUE_USED = 0xa0,
    GENERATION = 0xfc,
    CONFIG = 0x100,
};

#define REGISTERS_SIZE 0x200u

static uint32_t get(const struct virtio_device *device, uint32_t at)
{
    return device->mmio.registers[at / 4];
}

static void set(const struct virtio_device *device, uint32_t at, uint32_t value)
{
    device->mmio.registers[at / 4] = value;
}

static uint8_t status(struct virtio_device *device)
{
    return (uint8_t)get(device, STATUS);
}

static void set_status(struct virtio_device *device, uint8_t value)
{
    set(device, STATUS, value);
}

static uint64_t features(struct virtio_device *device)
{
    set(device, DEVICE_FEATURES_SELECT, 0);
    uint64_t low = get(device, DEVICE_FEATURES);
    if (device->mmio.legacy)
        return low;
    set(device, DEVICE_FEATURES_SELECT, 1);
    return low | (uint64_t)get(device, DEVICE_FEATURES) << 32;
}

static void set_features(struct virtio_device *device, uint64_t value)
{
    set(device, DRIVER_FEATURES_SELECT, 0);
    set(device, DRIVER_FEATURES, (uint32_t)value);
    if (device->mmio.legacy) {
        set(device, GUEST_PAGE_SIZE, PAGE_SIZE);
        return;
    }
    set(device, DRIVER_FEATURES_SELECT, 1);
    set(device, DRIVER_FEATURES, (uint32_t)(value >> 32));
}

static void config(struct virtio_device *device, uint32_t offset, void *to, uint32_t size)
{
    volatile const uint8_t *from = (volatile const uint8_t *)device->mmio.registers + CONFIG + offset;
    for (int attempt = 0; attempt < 100; attempt++) {
        uint32_t generation = device->mmio.legacy ? 0 : get(device, GENERATION);
        for (uint32_t i = 0; i < size; i++)
            ((uint8_t *)to)[i] = from[i];
        if (device->mmio.legacy || generation == get(device, GENERATION))
            return;
    }
}

static uint16_t queue_size(struct virtio_device *device, uint16_t queue, bool *fixed)
{
    *fixed = false;
    set(device, QUEUE_SELECT, queue);
    uint32_t most = get(device, QUEUE_SIZE_MOST);
    return (uint16_t)(most > RING_LARGEST ? RING_LARGEST : most);
}

static void set_address(struct virtio_device *device, uint32_t at, uintptr_t address)
{
    set(device, at, (uint32_t)address);
    set(device, at + 4, (uint32_t)(address >> 32));
}

static bool queue_start(struct virtio_device *device, uint16_t queue, const struct ring *ring)
{
    set(device, QUEUE_SELECT, queue);
    set(device, QUEUE_SIZE, ring->size);
    if (device->mmio.legacy) {
        uint32_t page = (uint32_t)((uintptr_t)ring->descriptors / PAGE_SIZE);
        set(device, QUEUE_ALIGNMENT, PAGE_SIZE);
        set(device, QUEUE_PAGE, page);
        return get(device, QUEUE_PAGE) == page;
    }
    set_address(device, QUEUE_DESCRIPTORS, (uintptr_t)ring->descriptors);
    set_address(device, QUEUE_AVAILABLE, (uintptr_t)ring->available);
    set_address(device, QUEUE_USED, (uintptr_t)ring->used);
    set(device, QUEUE_READY, 1);
    return get(device, QUEUE_READY) == 1;
}

static void notify(struct virtio_device *device, uint16_t queue)
{
    set(device, QUEUE_NOTIFY, queue);
}

static const struct transport transport = {
    .status = status,
    .set_status = set_status,
    .features = features,
    .set_features = set_features,
    .config = config,
    .queue_size = queue_size,
    .queue_start = queue_start,
    .notify = notify,
};

static bool attach(struct virtio_device *device, uintptr_t address)
{
    if (address % 4 != 0 || address + REGISTERS_SIZE < address ||
        !machine_map(address, address + REGISTERS_SIZE, MACHINE_DEVICE))
        return false;
    device->mmio.registers = (volatile uint32_t *)address;
    uint32_t version = get(device, REGISTER_VERSION);
    if (get(device, REGISTER_MAGIC) != MAGIC || (version != VERSION_LEGACY && version != VERSION_MODERN))
        return false;
    device->mmio.legacy = version == VERSION_LEGACY;
    device->type = (uint16_t)get(device, REGISTER_TYPE); /* 0: nothing is attached */
    device->transport = &transport;
    return device->type != 0;
}

/* The hexadecimal number behind the next @ of a word. */
static uintptr_t address_in(const char *word, const char *end)
{
    while (word < end && *word != '@')
        word++;
    if (end - word < 4 || word[1] != '0' || word[2] != 'x')
        return 0;
    uintptr_t value = 0;
    for (word += 3; word < end; word++) {
        char c = *word;
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a') + 10;
        if (digit > 15)
            break;
        value = value << 4 | digit;
    }
    return value;
}

static const char prefix[] = "virtio_mmio.device=";

void mmio_scan(char *command_line, void (*found)(struct virtio_device *device))
{
    char *to = command_line;
    for (char *word = command_line; *word != 0;) {
        char *end = word;
        while (*end != 0 && *end != ' ')
            end++;
        if (strncmp(word, prefix, sizeof prefix - 1) == 0) {
            struct virtio_device device = {0};
            uintptr_t address = address_in(word, end);
            snprintf(device.place, sizeof device.place, "MMIO %lx", address);
            if (attach(&device, address))
                found(&device);
        } else {
            memmove(to, word, (size_t)(end - word));
            to += end - word;
            if (*end != 0)
                *to++ = ' ';
        }
        word = *end == 0 ? end : end + 1;
    }
    *to = 0;
}
