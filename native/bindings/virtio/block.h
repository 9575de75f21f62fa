/* A block device (virtio 1.1, 5.2), one request at a time: the caller waits for it. */
#ifndef MORGANA_VIRTIO_BLOCK_H
#define MORGANA_VIRTIO_BLOCK_H

#include "solo5.h"
#include "transport.h"

#define BLOCK_NAME_SIZE 20 /* of a device's serial number, not terminated */

struct block {
    struct virtio_device device;
    uint64_t capacity; /* bytes, whole blocks */
    uint32_t block_size;
    uint32_t largest; /* bytes in one request, whole blocks */
    bool read_only, can_flush;
    bool said;
    char name[BLOCK_NAME_SIZE + 1];
    struct block_request *request;
};

/* Starts the device. False, with a message, when it cannot be used. */
bool block_start(struct block *block);

/* Any number of whole blocks. EINVAL for what is not aligned or out of bounds, and for writes to a read-only device. */
solo5_result_t block_read(struct block *block, uint64_t offset, uint8_t *to, size_t size);
solo5_result_t block_write(struct block *block, uint64_t offset, const uint8_t *from, size_t size);

/* What was written before is on the disk when this returns. */
solo5_result_t block_flush(struct block *block);

#endif
