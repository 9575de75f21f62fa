/*
 * Devices as the tender's manifest names them; a handle is an index of it. For bindings whose tender fills the manifest in.
 */
#ifndef MORGANA_BINDINGS_MANIFEST_H
#define MORGANA_BINDINGS_MANIFEST_H

#include "native.h"
#include "solo5.h"
#include "solo5_manifest.h"

/* What the bindings tell: where the manifest lies. */
const struct manifest *bindings_manifest(void);

/* The attached device of that kind, or NULL. */
const struct manifest_entry *manifest_get(solo5_handle_t handle, uint32_t type);

/* The network device, if a frame of that size may be sent on it. */
const struct manifest_entry *manifest_net_for(solo5_handle_t handle, size_t size);

/* The block device, if the range is one of whole blocks (and not empty) that lies on it. */
const struct manifest_entry *manifest_blocks_at(solo5_handle_t handle, solo5_off_t offset, size_t size);

/* The same for exactly one block, as Solo5's own calls have it. */
const struct manifest_entry *manifest_block_at(solo5_handle_t handle, solo5_off_t offset, size_t size);

#endif
