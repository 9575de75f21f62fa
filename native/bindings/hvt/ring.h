/* Frames through the shared network ring, where the tender offers one. */
#ifndef MORGANA_HVT_RING_H
#define MORGANA_HVT_RING_H

#include "hvt.h"
#include "solo5.h"

/*
 * Takes the tender's offer, if there is one that makes sense: maps the ring and takes buffers off the heap's start.
 * Returns where the heap begins now. Without an offer nothing changes, and the calls below do nothing.
 */
uintptr_t ring_start(uintptr_t heap, uintptr_t end);

/* False when the frame has to go by a hypercall; what was sent through the ring before it is out by then. */
bool ring_write(solo5_handle_t handle, const uint8_t *frame, size_t size);

/* False when there is no ring. */
bool ring_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size, solo5_result_t *result);

/* Waits until the tender has carried out what was submitted, for a second at most: the end of the image is that of its ring. */
void ring_finish(void);

#endif
