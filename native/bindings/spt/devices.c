/* Network and block devices: descriptors of the tender's, named in the manifest. */
#include "../manifest/manifest.h"
#include "solo5_spt.h"
#include "syscall.h"

const struct manifest *bindings_manifest(void)
{
    return spt_boot->manifest;
}

solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size)
{
    const struct manifest_entry *entry = manifest_get(handle, MANIFEST_NET_BASIC);
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
    const struct manifest_entry *entry = manifest_net_for(handle, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = spt_syscall(SYS_WRITE, entry->backing.host_descriptor, (long)frame, (long)size, 0, 0, 0);
    if (n == -EAGAIN || n == -EINTR)
        return SOLO5_R_AGAIN;
    return n == (long)size ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size)
{
    const struct manifest_entry *entry = manifest_block_at(handle, offset, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = spt_syscall(SYS_PREAD64, entry->backing.host_descriptor, (long)block, (long)size, (long)offset, 0, 0);
    return n == (long)size ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size)
{
    const struct manifest_entry *entry = manifest_block_at(handle, offset, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = spt_syscall(SYS_PWRITE64, entry->backing.host_descriptor, (long)block, (long)size, (long)offset, 0, 0);
    return n == (long)size ? SOLO5_R_OK : SOLO5_R_EUNSPEC;
}
