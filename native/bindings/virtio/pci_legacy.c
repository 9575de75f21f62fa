/* Devices from before virtio 1 on PCI: registers in ports (virtio 1.1, 4.1.4.8). Queues have the size that the device says. */
#include "io.h"
#include "pci.h"
#include "transport.h"

#define LEGACY_FIRST 0x1000
#define LEGACY_LAST  0x103f

enum {
    DEVICE_FEATURES = 0,
    DRIVER_FEATURES = 4,
    QUEUE_PAGE = 8,
    QUEUE_SIZE = 12,
    QUEUE_SELECT = 14,
    QUEUE_NOTIFY = 16,
    STATUS = 18,
    CONFIG_VECTOR = 20, /* with message-signalled interrupts only */
    QUEUE_VECTOR = 22,
    CONFIG = 20, /* 24 with them */
};

#define NO_VECTOR 0xffff

static uint8_t status(struct virtio_device *device)
{
    return in8(device->legacy.port + STATUS);
}

static void set_status(struct virtio_device *device, uint8_t value)
{
    out8(device->legacy.port + STATUS, value);
}

static uint64_t features(struct virtio_device *device)
{
    return in32(device->legacy.port + DEVICE_FEATURES);
}

static void set_features(struct virtio_device *device, uint64_t value)
{
    out32(device->legacy.port + DRIVER_FEATURES, (uint32_t)value);
}

static void config(struct virtio_device *device, uint32_t offset, void *to, uint32_t size)
{
    /* There is no generation: two readings that agree are taken to be one. */
    uint8_t *bytes = to;
    for (int attempt = 0; attempt < 100; attempt++) {
        bool same = attempt > 0;
        for (uint32_t i = 0; i < size; i++) {
            uint8_t byte = in8((uint16_t)(device->legacy.config_port + offset + i));
            same &= byte == bytes[i];
            bytes[i] = byte;
        }
        if (same)
            return;
    }
}

static uint16_t queue_size(struct virtio_device *device, uint16_t queue, bool *fixed)
{
    *fixed = true;
    out16(device->legacy.port + QUEUE_SELECT, queue);
    return in16(device->legacy.port + QUEUE_SIZE);
}

static bool queue_start(struct virtio_device *device, uint16_t queue, const struct ring *ring)
{
    uintptr_t page = (uintptr_t)ring->descriptors / PAGE_SIZE;
    if (page > UINT32_MAX)
        return false;
    out16(device->legacy.port + QUEUE_SELECT, queue);
    if (device->interrupts) {
        out16(device->legacy.port + QUEUE_VECTOR, 0);
        device->interrupts = in16(device->legacy.port + QUEUE_VECTOR) == 0;
    }
    out32(device->legacy.port + QUEUE_PAGE, (uint32_t)page);
    return in32(device->legacy.port + QUEUE_PAGE) == page;
}

static void notify(struct virtio_device *device, uint16_t queue)
{
    out16(device->legacy.port + QUEUE_NOTIFY, queue);
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

bool pci_legacy_attach(struct virtio_device *device, const struct pci_address *at)
{
    uint16_t identity = pci_read16(*at, PCI_DEVICE);
    bool port = false;
    uint64_t base = pci_bar(*at, 0, &port);
    if (identity < LEGACY_FIRST || identity > LEGACY_LAST || base == 0 || !port || base > 0xff00)
        return false;
    device->type = pci_read16(*at, PCI_SUBSYSTEM);
    device->legacy.port = (uint16_t)base;
    device->legacy.config_port = (uint16_t)(base + CONFIG + (device->interrupts ? 4 : 0));
    device->transport = &transport;
    return true;
}
