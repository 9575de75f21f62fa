/* What devices there are, and which arguments they take: the same for all targets with a manifest. */
#include "manifest.h"

/* Handles are bits of a set of 64. */
#define ENTRIES_MOST 64

static const struct manifest_entry *find(const char *name, uint32_t type, solo5_handle_t *handle)
{
    const struct manifest *manifest = bindings_manifest();
    for (uint32_t i = 0; i < manifest->entries && i < ENTRIES_MOST; i++) {
        const struct manifest_entry *entry = &manifest->entry[i];
        if (entry->type == type && entry->attached && strncmp(entry->name, name, sizeof entry->name) == 0) {
            *handle = i;
            return entry;
        }
    }
    return NULL;
}

const struct manifest_entry *manifest_get(solo5_handle_t handle, uint32_t type)
{
    const struct manifest *manifest = bindings_manifest();
    if (handle >= manifest->entries || handle >= ENTRIES_MOST)
        return NULL;
    const struct manifest_entry *entry = &manifest->entry[handle];
    return entry->type == type && entry->attached ? entry : NULL;
}

const struct manifest_entry *manifest_net_for(solo5_handle_t handle, size_t size)
{
    const struct manifest_entry *entry = manifest_get(handle, MANIFEST_NET_BASIC);
    /* spt's filter would end the image for a longer frame, and a TAP would send it. */
    return entry != NULL && size <= (size_t)entry->u.net.mtu + SOLO5_NET_HLEN ? entry : NULL;
}

const struct manifest_entry *manifest_blocks_at(solo5_handle_t handle, solo5_off_t offset, size_t size)
{
    const struct manifest_entry *entry = manifest_get(handle, MANIFEST_BLOCK_BASIC);
    if (entry == NULL || size == 0 || ((offset | size) & (entry->u.block.block_size - 1u)) != 0 ||
        size > entry->u.block.capacity || offset > entry->u.block.capacity - size)
        return NULL;
    return entry;
}

const struct manifest_entry *manifest_block_at(solo5_handle_t handle, solo5_off_t offset, size_t size)
{
    const struct manifest_entry *entry = manifest_blocks_at(handle, offset, size);
    return entry != NULL && size == entry->u.block.block_size ? entry : NULL;
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

solo5_result_t solo5_block_acquire(const char *name, solo5_handle_t *handle, struct solo5_block_info *info)
{
    const struct manifest_entry *entry = find(name, MANIFEST_BLOCK_BASIC, handle);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    info->capacity = entry->u.block.capacity;
    info->block_size = entry->u.block.block_size;
    return SOLO5_R_OK;
}
