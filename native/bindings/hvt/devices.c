/* Network and block devices: the tender's, named in the manifest; a handle is an index of it. */
#include "../manifest/manifest.h"
#include "hvt.h"
#include "morgana_block.h"
#include "ring.h"

const struct manifest *bindings_manifest(void)
{
    return hvt_boot->manifest;
}

solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size)
{
    if (manifest_get(handle, MANIFEST_NET_BASIC) == NULL)
        return SOLO5_R_EINVAL;
    solo5_result_t result;
    if (ring_read(handle, frame, size, read_size, &result))
        return result;
    volatile struct hvt_net call = {.handle = handle, .data = frame, .size = size};
    hvt_call(HVT_NET_READ, &call);
    if (call.result != SOLO5_R_OK)
        return (solo5_result_t)call.result;
    if (call.size > size)
        fatal("the tender says that it put %zu bytes into a buffer of %zu", (size_t)call.size, size);
    *read_size = call.size;
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *frame, size_t size)
{
    if (manifest_net_for(handle, size) == NULL)
        return SOLO5_R_EINVAL;
    if (ring_write(handle, frame, size))
        return SOLO5_R_OK;
    volatile struct hvt_net call = {.handle = handle, .data = (void *)frame, .size = size};
    hvt_call(HVT_NET_WRITE, &call);
    return (solo5_result_t)call.result;
}

/* The hypercalls move as many bytes as they are told, also those of Solo5's tender: one exit for all of them. */
static solo5_result_t transfer(enum hvt_hypercall number, solo5_handle_t handle, solo5_off_t offset, void *blocks, size_t size)
{
    if (manifest_blocks_at(handle, offset, size) == NULL)
        return SOLO5_R_EINVAL;
    volatile struct hvt_block call = {.handle = handle, .offset = offset, .data = blocks, .size = size};
    hvt_call(number, &call);
    return (solo5_result_t)call.result;
}

solo5_result_t morgana_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *blocks, size_t size,
                                  size_t block_size)
{
    (void)block_size;
    return transfer(HVT_BLOCK_READ, handle, offset, blocks, size);
}

solo5_result_t morgana_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *blocks, size_t size,
                                   size_t block_size)
{
    (void)block_size;
    return transfer(HVT_BLOCK_WRITE, handle, offset, (void *)blocks, size);
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size)
{
    return manifest_block_at(handle, offset, size) == NULL ? SOLO5_R_EINVAL
                                                           : transfer(HVT_BLOCK_READ, handle, offset, block, size);
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size)
{
    return manifest_block_at(handle, offset, size) == NULL
               ? SOLO5_R_EINVAL
               : transfer(HVT_BLOCK_WRITE, handle, offset, (void *)block, size);
}
