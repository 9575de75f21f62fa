/*
 * A virtio device as its driver sees it, whatever it is attached by. A file a transport: PCI as virtio 1 has it
 * (pci_modern.c), PCI as it was before (pci_legacy.c), registers in memory without a bus (mmio.c).
 */
#ifndef MORGANA_VIRTIO_TRANSPORT_H
#define MORGANA_VIRTIO_TRANSPORT_H

#include "ring.h"
#include "virtio.h"

/* Device types, virtio 1.1, chapter 5. */
enum { VIRTIO_NET = 1, VIRTIO_BLOCK = 2, VIRTIO_ENTROPY = 4 };

#define VIRTIO_STATUS_ACKNOWLEDGE 1u
#define VIRTIO_STATUS_DRIVER      2u
#define VIRTIO_STATUS_DRIVER_OK   4u
#define VIRTIO_STATUS_FEATURES_OK 8u
#define VIRTIO_STATUS_FAILED      128u

/* Features of all devices. */
#define VIRTIO_F_ANY_LAYOUT (1ull << 27)
#define VIRTIO_F_VERSION_1  (1ull << 32)

struct virtio_device;

struct transport {
    uint8_t (*status)(struct virtio_device *device);
    void (*set_status)(struct virtio_device *device, uint8_t status);
    uint64_t (*features)(struct virtio_device *device);
    void (*set_features)(struct virtio_device *device, uint64_t features);

    /* Bytes of the device's own configuration; several are read at once, or again until they fit together. */
    void (*config)(struct virtio_device *device, uint32_t offset, void *to, uint32_t size);

    /* The largest size that the device allows for the queue, 0 when it has none. *fixed: no other is allowed. */
    uint16_t (*queue_size)(struct virtio_device *device, uint16_t queue, bool *fixed);

    /* Starts the queue; false when the device refuses. */
    bool (*queue_start)(struct virtio_device *device, uint16_t queue, const struct ring *ring);
    void (*notify)(struct virtio_device *device, uint16_t queue);
};

#define VIRTIO_QUEUES 2

struct virtio_device {
    const struct transport *transport;
    uint16_t type;
    bool interrupts;   /* the device can interrupt; else it is looked at every now and then */
    uint64_t features; /* negotiated */
    struct ring queues[VIRTIO_QUEUES];
    char place[16]; /* for messages: "PCI 00:03.0" */
    union {
        struct {
            volatile void *common, *config, *notify[VIRTIO_QUEUES];
            uintptr_t notify_base, notify_size;
            uint32_t notify_multiplier, config_size;
        } modern;
        struct {
            uint16_t port, config_port;
        } legacy;
        struct {
            volatile uint32_t *registers;
            bool legacy;
        } mmio;
    };
};

/* Resets the device and agrees on features: those of `wanted` that it offers. False, with a message, when it will not. */
bool virtio_negotiate(struct virtio_device *device, uint64_t wanted);

/* Makes queue 0 or 1, with at most `largest` descriptors where the device lets us choose. */
bool virtio_queue(struct virtio_device *device, uint16_t queue, uint16_t largest);

/* From now on the device works. */
void virtio_ready(struct virtio_device *device);

/* It cannot be used; says why. */
void virtio_fail(struct virtio_device *device, const char *reason);

void virtio_notify(struct virtio_device *device, uint16_t queue);

/* pci_modern.c, pci_legacy.c: false when the device is none of that kind, or cannot be reached. */
struct pci_address;
bool pci_modern_attach(struct virtio_device *device, const struct pci_address *at);
bool pci_legacy_attach(struct virtio_device *device, const struct pci_address *at);

/* mmio.c: calls `found` for each device that the command line names, and takes those words out of it. */
void mmio_scan(char *command_line, void (*found)(struct virtio_device *device));

#endif
