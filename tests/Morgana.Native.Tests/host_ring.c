/* How large the parts of a virtqueue are that the tests keep. */
#include "../../native/bindings/virtio/ring.h"

size_t ring_struct_size(void);
size_t ring_struct_size(void)
{
    return sizeof(struct ring);
}

size_t ring_chain_size(void);
size_t ring_chain_size(void)
{
    return sizeof(struct ring_chain);
}

int ring_is_broken(const struct ring *ring);
int ring_is_broken(const struct ring *ring)
{
    return ring->broken;
}

unsigned ring_free_descriptors(const struct ring *ring);
unsigned ring_free_descriptors(const struct ring *ring)
{
    return ring->free_count;
}
