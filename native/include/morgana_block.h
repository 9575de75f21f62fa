/*
 * Block devices beyond Solo5: several blocks with one call, flushing, and what
 * sort of device it is. start/blocks.c has weak definitions of all of these
 * over solo5_block_*; bindings that can do better define their own.
 */
#ifndef MORGANA_BLOCK_H
#define MORGANA_BLOCK_H

#include "solo5.h"

#define MORGANA_BLOCK_READ_ONLY 1u /* nothing can be written */

/* MORGANA_BLOCK_ bits of a device that has been acquired. */
uint32_t morgana_block_flags(solo5_handle_t handle);

/*
 * Whole blocks: `offset` and `size` are multiples of `block_size`, which is
 * what solo5_block_acquire said. When a call fails, some blocks may have been
 * moved.
 */
solo5_result_t morgana_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *blocks, size_t size,
                                  size_t block_size);
solo5_result_t morgana_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *blocks, size_t size,
                                   size_t block_size);

/*
 * What was written before is on the device for good when it returns OK. Where
 * the machine has no way to say so (Solo5's own tenders), it does nothing:
 * writes are in the host's memory then, and survive everything but the host.
 */
solo5_result_t morgana_block_flush(solo5_handle_t handle);

#endif
