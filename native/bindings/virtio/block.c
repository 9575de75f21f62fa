/* A block device; see the header. */
#include "block.h"

#define QUEUE 0
#define QUEUE_SIZE 16u

#define FEATURE_SIZE_MAX  (1ull << 1)
#define FEATURE_READ_ONLY (1ull << 5)
#define FEATURE_BLOCK_SIZE (1ull << 6)
#define FEATURE_FLUSH     (1ull << 9)

#define CONFIG_CAPACITY   0
#define CONFIG_SIZE_MAX   8
#define CONFIG_BLOCK_SIZE 20

#define SECTOR 512u
#define LARGEST_REQUEST (4u << 20)

enum { READ = 0, WRITE = 1, FLUSH = 4, GET_NAME = 8 };

#define STATUS_OK     0
#define STATUS_NONE   0xff /* ours: the device has not written it */

struct block_request {
    uint32_t type, reserved;
    uint64_t sector;
    uint8_t status;
};

/* While it works the image sleeps; a device without interrupts is looked at this often. */
#define LOOK_INTERVAL 50000ull

static bool perform(struct block *block, uint32_t type, uint64_t sector, void *data, uint32_t size, bool device_writes)
{
    struct ring *ring = &block->device.queues[QUEUE];
    struct block_request *request = block->request;
    *request = (struct block_request){.type = type, .sector = sector, .status = STATUS_NONE};
    struct ring_buffer buffers[3] = {{request, 16, false}};
    unsigned count = 1;
    if (size > 0)
        buffers[count++] = (struct ring_buffer){data, size, device_writes};
    buffers[count++] = (struct ring_buffer){&request->status, 1, true};
    uint16_t head, taken;
    uint32_t written;
    if (!ring_give(ring, buffers, count, &head))
        return false;
    virtio_notify(&block->device, QUEUE);
    while (!ring_has_used(ring)) {
        ring_interrupts(ring, true);
        if (!ring_has_used(ring))
            idle_wait(block->device.interrupts ? NEVER : solo5_clock_monotonic() + LOOK_INTERVAL);
        ring_interrupts(ring, false);
    }
    if (!ring_take(ring, &taken, &written)) {
        if (!block->said)
            console_message("the block device at %s broke the rules of its queue and is not used any more",
                            block->device.place);
        block->said = true;
        return false;
    }
    return *(volatile uint8_t *)&request->status == STATUS_OK;
}

bool block_start(struct block *block)
{
    struct virtio_device *device = &block->device;
    if (!virtio_negotiate(device, FEATURE_SIZE_MAX | FEATURE_READ_ONLY | FEATURE_BLOCK_SIZE | FEATURE_FLUSH))
        return false;
    uint64_t sectors = 0;
    device->transport->config(device, CONFIG_CAPACITY, &sectors, sizeof sectors);
    block->block_size = SECTOR;
    if ((device->features & FEATURE_BLOCK_SIZE) != 0)
        device->transport->config(device, CONFIG_BLOCK_SIZE, &block->block_size, sizeof block->block_size);
    if (block->block_size < SECTOR || block->block_size > 1u << 16 || (block->block_size & (block->block_size - 1)) != 0) {
        virtio_fail(device, "its block size is no power of two between 512 and 65536");
        return false;
    }
    block->largest = LARGEST_REQUEST;
    uint32_t most = 0;
    if ((device->features & FEATURE_SIZE_MAX) != 0)
        device->transport->config(device, CONFIG_SIZE_MAX, &most, sizeof most);
    if (most >= block->block_size && most < block->largest)
        block->largest = most & -block->block_size;
    if (sectors > INT64_MAX / SECTOR) {
        virtio_fail(device, "its capacity cannot be");
        return false;
    }
    block->capacity = sectors * SECTOR & -(uint64_t)block->block_size;
    block->read_only = (device->features & FEATURE_READ_ONLY) != 0;
    block->can_flush = (device->features & FEATURE_FLUSH) != 0;
    block->request = early_allocate(sizeof *block->request, 64);
    if (!virtio_queue(device, QUEUE, QUEUE_SIZE))
        return false;
    virtio_ready(device);
    char *name = early_allocate(BLOCK_NAME_SIZE, 64);
    if (perform(block, GET_NAME, 0, name, BLOCK_NAME_SIZE, true))
        memcpy(block->name, name, BLOCK_NAME_SIZE);
    return true;
}

static bool within(const struct block *block, uint64_t offset, size_t size)
{
    return size > 0 && size % block->block_size == 0 && offset % block->block_size == 0 && offset <= block->capacity &&
           size <= block->capacity - offset;
}

static solo5_result_t transfer(struct block *block, uint32_t type, uint64_t offset, uint8_t *data, size_t size)
{
    if (!within(block, offset, size))
        return SOLO5_R_EINVAL;
    while (size > 0) {
        uint32_t part = size < block->largest ? (uint32_t)size : block->largest;
        if (!perform(block, type, offset / SECTOR, data, part, type == READ))
            return SOLO5_R_EUNSPEC;
        offset += part;
        data += part;
        size -= part;
    }
    return SOLO5_R_OK;
}

solo5_result_t block_read(struct block *block, uint64_t offset, uint8_t *to, size_t size)
{
    return transfer(block, READ, offset, to, size);
}

solo5_result_t block_write(struct block *block, uint64_t offset, const uint8_t *from, size_t size)
{
    return block->read_only ? SOLO5_R_EINVAL : transfer(block, WRITE, offset, (uint8_t *)from, size);
}

solo5_result_t block_flush(struct block *block)
{
    if (!block->can_flush)
        return SOLO5_R_OK; /* it has no cache that could lose something */
    return perform(block, FLUSH, 0, NULL, 0, false) ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
}
