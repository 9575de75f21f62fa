/* Devices of virtio 1 on PCI: registers in memory, found by capabilities (virtio 1.1, 4.1.4). */
#include "../../machine/machine.h"
#include "pci.h"
#include "transport.h"

#define MODERN_FIRST 0x1040
#define MODERN_LAST  0x107f

/* Kinds of structures that capabilities point to. */
enum { COMMON = 1, NOTIFY = 2, DEVICE = 4 };

struct common {
    uint32_t device_feature_select, device_feature;
    uint32_t driver_feature_select, driver_feature;
    uint16_t config_vector;
    uint16_t queues;
    uint8_t status;
    uint8_t generation;
    uint16_t queue_select, queue_size, queue_vector, queue_enable, queue_notify;
    /* Two halves each: not every hypervisor takes 64 bits at once. */
    uint32_t descriptors[2], available[2], used[2];
};
_Static_assert(sizeof(struct common) == 56, "virtio_pci_common_cfg");

#define NO_VECTOR 0xffff

static volatile struct common *common_of(struct virtio_device *device)
{
    return device->modern.common;
}

static uint8_t status(struct virtio_device *device)
{
    return common_of(device)->status;
}

static void set_status(struct virtio_device *device, uint8_t value)
{
    common_of(device)->status = value;
}

static uint64_t features(struct virtio_device *device)
{
    volatile struct common *common = common_of(device);
    common->device_feature_select = 0;
    uint64_t low = common->device_feature;
    common->device_feature_select = 1;
    return low | (uint64_t)common->device_feature << 32;
}

static void set_features(struct virtio_device *device, uint64_t value)
{
    volatile struct common *common = common_of(device);
    common->driver_feature_select = 0;
    common->driver_feature = (uint32_t)value;
    common->driver_feature_select = 1;
    common->driver_feature = (uint32_t)(value >> 32);
}

static void config(struct virtio_device *device, uint32_t offset, void *to, uint32_t size)
{
    volatile const uint8_t *from = device->modern.config;
    memset(to, 0, size);
    if (from == NULL || offset > device->modern.config_size || size > device->modern.config_size - offset)
        return;
    for (int attempt = 0; attempt < 100; attempt++) {
        uint8_t generation = common_of(device)->generation;
        /* In the units that fields have: bytes, or aligned words. */
        for (uint32_t i = 0; i < size;) {
            if ((offset + i) % 4 == 0 && size - i >= 4) {
                uint32_t word = *(volatile const uint32_t *)(from + offset + i);
                memcpy((char *)to + i, &word, 4);
                i += 4;
            } else if ((offset + i) % 2 == 0 && size - i >= 2) {
                uint16_t half = *(volatile const uint16_t *)(from + offset + i);
                memcpy((char *)to + i, &half, 2);
                i += 2;
            } else {
                ((uint8_t *)to)[i] = from[offset + i];
                i++;
            }
        }
        if (generation == common_of(device)->generation)
            return;
    }
}

static uint16_t queue_size(struct virtio_device *device, uint16_t queue, bool *fixed)
{
    volatile struct common *common = common_of(device);
    *fixed = false;
    if (queue >= common->queues)
        return 0;
    common->queue_select = queue;
    return common->queue_size;
}

static void set_address(volatile uint32_t *halves, uintptr_t address)
{
    halves[0] = (uint32_t)address;
    halves[1] = (uint32_t)(address >> 32);
}

static bool queue_start(struct virtio_device *device, uint16_t queue, const struct ring *ring)
{
    volatile struct common *common = common_of(device);
    common->queue_select = queue;
    common->queue_size = ring->size;
    if (device->interrupts) {
        common->queue_vector = 0;
        device->interrupts = common->queue_vector == 0;
    } else
        common->queue_vector = NO_VECTOR;
    set_address(common->descriptors, (uintptr_t)ring->descriptors);
    set_address(common->available, (uintptr_t)ring->available);
    set_address(common->used, (uintptr_t)ring->used);
    uint64_t offset = (uint64_t)common->queue_notify * device->modern.notify_multiplier;
    if (offset + 2 > device->modern.notify_size)
        return false;
    device->modern.notify[queue] = (volatile void *)(device->modern.notify_base + offset);
    common->queue_enable = 1;
    return true;
}

static void notify(struct virtio_device *device, uint16_t queue)
{
    *(volatile uint16_t *)device->modern.notify[queue] = queue;
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

/* What a capability points to, mapped; NULL when it is in ports, or nowhere. */
static void *structure(struct pci_address at, uint8_t capability, uint32_t least, uint32_t *size)
{
    bool port;
    uint64_t base = pci_bar(at, pci_read8(at, (uint8_t)(capability + 4)), &port);
    uint32_t offset = pci_read32(at, (uint8_t)(capability + 8));
    *size = pci_read32(at, (uint8_t)(capability + 12));
    uintptr_t start = base + offset;
    if (base == 0 || port || *size < least || *size > 1u << 24 || start < base || start + *size < start)
        return NULL;
    return machine_map(start, start + *size, MACHINE_DEVICE) ? (void *)start : NULL;
}

bool pci_modern_attach(struct virtio_device *device, const struct pci_address *at)
{
    uint16_t identity = pci_read16(*at, PCI_DEVICE);
    device->modern.common = device->modern.config = NULL;
    device->modern.notify_base = 0;
    for (uint8_t c = pci_capability(*at, PCI_CAPABILITY_VENDOR, 0); c != 0;
         c = pci_capability(*at, PCI_CAPABILITY_VENDOR, c)) {
        uint32_t size;
        /* Of several of one kind the first that can be used counts. */
        switch (pci_read8(*at, (uint8_t)(c + 3))) {
        case COMMON:
            if (device->modern.common == NULL)
                device->modern.common = structure(*at, c, sizeof(struct common), &size);
            break;
        case NOTIFY:
            if (device->modern.notify_base == 0) {
                device->modern.notify_base = (uintptr_t)structure(*at, c, 2, &size);
                device->modern.notify_size = size;
                device->modern.notify_multiplier = pci_read32(*at, (uint8_t)(c + 16));
            }
            break;
        case DEVICE:
            if (device->modern.config == NULL) {
                device->modern.config = structure(*at, c, 1, &size);
                device->modern.config_size = size;
            }
            break;
        }
    }
    if (device->modern.common == NULL || device->modern.notify_base == 0)
        return false;
    /* Transitional devices keep the old numbers, and say their type as subsystem. */
    device->type = identity >= MODERN_FIRST && identity <= MODERN_LAST ? (uint16_t)(identity - MODERN_FIRST)
                                                                       : pci_read16(*at, PCI_SUBSYSTEM);
    device->transport = &transport;
    return true;
}
