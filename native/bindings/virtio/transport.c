/* What all transports have in common: the steps by which a device is started (virtio 1.1, 3.1). */
#include "transport.h"

bool virtio_negotiate(struct virtio_device *device, uint64_t wanted)
{
    const struct transport *transport = device->transport;
    transport->set_status(device, 0);
    for (int wait = 0; transport->status(device) != 0; wait++) {
        if (wait == 1000000) {
            virtio_fail(device, "it does not reset");
            return false;
        }
        __builtin_ia32_pause();
    }
    transport->set_status(device, VIRTIO_STATUS_ACKNOWLEDGE);
    transport->set_status(device, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER);
    device->features = transport->features(device) & (wanted | VIRTIO_F_ANY_LAYOUT | VIRTIO_F_VERSION_1);
    transport->set_features(device, device->features);
    if ((device->features & VIRTIO_F_VERSION_1) == 0)
        return true;
    transport->set_status(device, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER | VIRTIO_STATUS_FEATURES_OK);
    if ((transport->status(device) & VIRTIO_STATUS_FEATURES_OK) == 0) {
        virtio_fail(device, "it refuses the features that it offers");
        return false;
    }
    return true;
}

bool virtio_queue(struct virtio_device *device, uint16_t queue, uint16_t largest)
{
    bool fixed = false;
    uint16_t size = device->transport->queue_size(device, queue, &fixed);
    if (!fixed) {
        while (size > largest)
            size /= 2;
        while ((size & (size - 1)) != 0) /* down to a power of two */
            size &= (uint16_t)(size - 1);
    }
    if (size == 0 || size > RING_LARGEST || (size & (size - 1)) != 0) {
        virtio_fail(device, "a queue of it has an impossible size");
        return false;
    }
    void *memory = early_allocate(ring_memory_size(size), PAGE_SIZE);
    ring_init(&device->queues[queue], size, memory, early_allocate(size * sizeof(struct ring_chain), 16));
    if (!device->transport->queue_start(device, queue, &device->queues[queue])) {
        virtio_fail(device, "it does not take a queue");
        return false;
    }
    return true;
}

void virtio_ready(struct virtio_device *device)
{
    device->transport->set_status(device, device->transport->status(device) | VIRTIO_STATUS_DRIVER_OK);
}

void virtio_fail(struct virtio_device *device, const char *reason)
{
    device->transport->set_status(device, VIRTIO_STATUS_FAILED);
    console_message("the device at %s cannot be used: %s", device->place, reason);
}

void virtio_notify(struct virtio_device *device, uint16_t queue)
{
    if (ring_wants_notice(&device->queues[queue]))
        device->transport->notify(device, queue);
}
