/* Network and block devices: descriptors of the tender's, named in the manifest. */
#include "native.h"
#include "solo5.h"
#include "solo5_manifest.h"
#include "solo5_spt.h"
#include "syscall.h"

static const struct manifest_entry *find(const char *name, uint32_t type, solo5_handle_t *handle)
{
    const struct manifest *manifest = spt_boot->manifest;
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
    const struct manifest *manifest = spt_boot->manifest;
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
    long n = spt_syscall(SYS_READ, entry->backing.host_descriptor, (long)frame, (long)size, 0, 0, 0);
    if (n == -EAGAIN || n == -EINTR)
        return SOLO5_R_AGAIN;
    if (n < 0)
        return SOLO5_R_EUNSPEC;
    *read_size = (size_t)n;
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *frame, size_t size)
{
    const struct manifest_entry *entry = get(handle, MANIFEST_NET_BASIC);
    /* The tender's filter would end the image for a longer one. */
    if (entry == NULL || size > (size_t)entry->u.net.mtu + SOLO5_NET_HLEN)
        return SOLO5_R_EINVAL;
    long n = spt_syscall(SYS_WRITE, entry->backing.host_descriptor, (long)frame, (long)size, 0, 0, 0);
    if (n == -EAGAIN || n == -EINTR)
        return SOLO5_R_AGAIN;
    return n == (long)size ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
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

static const struct manifest_entry *block_at(solo5_handle_t handle, solo5_off_t offset, size_t size)
{
    const struct manifest_entry *entry = get(handle, MANIFEST_BLOCK_BASIC);
    if (entry == NULL || size != entry->u.block.block_size || offset % size != 0 ||
        offset > entry->u.block.capacity - size)
        return NULL;
    return entry;
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size)
{
    const struct manifest_entry *entry = block_at(handle, offset, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = spt_syscall(SYS_PREAD64, entry->backing.host_descriptor, (long)block, (long)size, (long)offset, 0, 0);
    return n == (long)size ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size)
{
    const struct manifest_entry *entry = block_at(handle, offset, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = spt_syscall(SYS_PWRITE64, entry->backing.host_descriptor, (long)block, (long)size, (long)offset, 0, 0);
    return n == (long)size ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
}
