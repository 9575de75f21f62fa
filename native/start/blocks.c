/* Several blocks, one after the other, for bindings that know only one (see morgana_block.h). */
#include "morgana_block.h"

__attribute__((weak)) uint32_t morgana_block_flags(solo5_handle_t handle)
{
    (void)handle;
    return 0;
}

__attribute__((weak)) solo5_result_t morgana_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *blocks,
                                                        size_t size, size_t block_size)
{
    for (size_t done = 0; done < size; done += block_size) {
        solo5_result_t result = solo5_block_read(handle, offset + done, blocks + done, block_size);
        if (result != SOLO5_R_OK)
            return result;
    }
    return SOLO5_R_OK;
}

__attribute__((weak)) solo5_result_t morgana_block_write(solo5_handle_t handle, solo5_off_t offset,
                                                         const uint8_t *blocks, size_t size, size_t block_size)
{
    for (size_t done = 0; done < size; done += block_size) {
        solo5_result_t result = solo5_block_write(handle, offset + done, blocks + done, block_size);
        if (result != SOLO5_R_OK)
            return result;
    }
    return SOLO5_R_OK;
}

__attribute__((weak)) solo5_result_t morgana_block_flush(solo5_handle_t handle)
{
    (void)handle;
    return SOLO5_R_OK;
}
