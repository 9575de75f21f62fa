/* Network and block devices: the tender's, named in the manifest; a handle is an index of it. */
#include "hvt.h"
#include "morgana_block.h"
#include "ring.h"
#include "solo5.h"
#include "solo5_manifest.h"

static const struct manifest_entry *find(const char *name, uint32_t type, solo5_handle_t *handle)
{
    const struct manifest *manifest = hvt_boot->manifest;
    for (uint32_t i = 0; i < manifest->entries && i < 64; i++) {
        const struct manifest_entry *entry = &manifest->entry[i];
        if (entry->type == type && entry->attached && strncmp(entry->name, name, sizeof entry->name) == 0) {
            *handle = i;
            return entry;
        }
    }
    return NULL;
}

static const struct manifest_entry *get(solo5_handle_t handle, uint32_t type)
{
    const struct manifest *manifest = hvt_boot->manifest;
    if (handle >= manifest->entries || handle >= 64 || manifest->entry[handle].type != type ||
        !manifest->entry[handle].attached)
        return NULL;
    return &manifest->entry[handle];
}

solo5_result_t solo5_net_acquire(const char *name, solo5_handle_t *handle, struct solo5_net_info *info)
{
    const struct manifest_entry *entry = find(name, MANIFEST_NET_BASIC, handle);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    memcpy(info->mac_address, entry->u.net.mac, sizeof info->mac_address);
    info->mtu = entry->u.net.mtu;
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size)
{
    const struct manifest_entry *entry = get(handle, MANIFEST_NET_BASIC);
    if (entry == NULL)
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
    const struct manifest_entry *entry = get(handle, MANIFEST_NET_BASIC);
    /* The tender's filter would end the image for a longer one. */
    if (entry == NULL || size > (size_t)entry->u.net.mtu + SOLO5_NET_HLEN)
        return SOLO5_R_EINVAL;
    if (ring_write(handle, frame, size))
        return SOLO5_R_OK;
    volatile struct hvt_net call = {.handle = handle, .data = (void *)frame, .size = size};
    hvt_call(HVT_NET_WRITE, &call);
    return (solo5_result_t)call.result;
}

solo5_result_t solo5_block_acquire(const char *name, solo5_handle_t *handle, struct solo5_block_info *info)
{
    const struct manifest_entry *entry = find(name, MANIFEST_BLOCK_BASIC, handle);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    info->capacity = entry->u.block.capacity;
    info->block_size = entry->u.block.block_size;
    return SOLO5_R_OK;
}

static const struct manifest_entry *blocks_at(solo5_handle_t handle, solo5_off_t offset, size_t size)
{
    const struct manifest_entry *entry = get(handle, MANIFEST_BLOCK_BASIC);
    if (entry == NULL || size == 0 || ((offset | size) & (entry->u.block.block_size - 1u)) != 0 ||
        size > entry->u.block.capacity || offset > entry->u.block.capacity - size)
        return NULL;
    return entry;
}

/* The hypercalls move as many bytes as they are told, also those of Solo5's tender: one exit for all of them. */
static solo5_result_t transfer(enum hvt_hypercall number, solo5_handle_t handle, solo5_off_t offset, void *blocks, size_t size)
{
    if (blocks_at(handle, offset, size) == NULL)
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

/* Solo5's own calls move exactly one block. */
static bool is_one_block(solo5_handle_t handle, size_t size)
{
    const struct manifest_entry *entry = get(handle, MANIFEST_BLOCK_BASIC);
    return entry != NULL && size == entry->u.block.block_size;
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size)
{
    return is_one_block(handle, size) ? transfer(HVT_BLOCK_READ, handle, offset, block, size) : SOLO5_R_EINVAL;
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size)
{
    return is_one_block(handle, size) ? transfer(HVT_BLOCK_WRITE, handle, offset, (void *)block, size)
                                      : SOLO5_R_EINVAL;
}
