/* A network device; see the header. Frames are copied: the program's memory is never with the device. */
#include "net.h"

#define RECEIVE 0
#define SEND    1

#define FEATURE_MTU (1ull << 3)
#define FEATURE_MAC (1ull << 5)

#define CONFIG_MAC 0
#define CONFIG_MTU 10

#define USUAL_MTU    1500u
#define LEAST_MTU    68u
#define HEADER_SIZE  10u /* 12 since virtio 1 */
#define BUFFERS_MOST 256u
#define BUFFERS_LEAST 16u
#define MEMORY_MOST  (1u << 20) /* in each direction, if that leaves enough buffers */

/* Without this a device of before virtio 1 wants its header in a piece of its own. */
static bool header_apart(const struct net *net)
{
    return (net->device.features & (VIRTIO_F_VERSION_1 | VIRTIO_F_ANY_LAYOUT)) == 0;
}

static bool start_queue(struct net *net, uint16_t queue, struct net_buffers *buffers)
{
    if (!virtio_queue(&net->device, queue, BUFFERS_MOST))
        return false;
    uint32_t count = net->device.queues[queue].size / (header_apart(net) ? 2u : 1u);
    uint32_t most = MEMORY_MOST / net->buffer_size;
    if (most < BUFFERS_LEAST)
        most = BUFFERS_LEAST;
    if (most > BUFFERS_MOST)
        most = BUFFERS_MOST;
    if (count > most)
        count = most;
    buffers->count = buffers->free_count = (uint16_t)count;
    buffers->memory = early_allocate((size_t)count * net->buffer_size, PAGE_SIZE);
    buffers->of_head = early_allocate(net->device.queues[queue].size * sizeof(uint16_t), 16);
    buffers->free = early_allocate(count * sizeof(uint16_t), 16);
    for (uint32_t i = 0; i < count; i++)
        buffers->free[i] = (uint16_t)(count - 1 - i);
    return true;
}

/* Gives the free buffer on top to the device, its header and `size` bytes of frame. */
static bool give(struct net *net, uint16_t queue, struct net_buffers *buffers, uint32_t size)
{
    uint16_t buffer = buffers->free[buffers->free_count - 1];
    uint8_t *start = buffers->memory + (size_t)buffer * net->buffer_size;
    bool device_writes = queue == RECEIVE;
    struct ring_buffer whole[1] = {{start, net->header_size + size, device_writes}};
    struct ring_buffer apart[2] = {{start, net->header_size, device_writes},
                                   {start + net->header_size, size, device_writes}};
    uint16_t head;
    if (header_apart(net) ? !ring_give(&net->device.queues[queue], apart, 2, &head)
                          : !ring_give(&net->device.queues[queue], whole, 1, &head))
        return false;
    buffers->of_head[head] = buffer;
    buffers->free_count--;
    return true;
}

/* Takes one back; it is the free buffer on top then. */
static bool take(struct net *net, uint16_t queue, struct net_buffers *buffers, uint32_t *written)
{
    uint16_t head;
    if (!ring_take(&net->device.queues[queue], &head, written))
        return false;
    buffers->free[buffers->free_count++] = buffers->of_head[head];
    return true;
}

bool net_start(struct net *net)
{
    struct virtio_device *device = &net->device;
    if (!virtio_negotiate(device, FEATURE_MTU | FEATURE_MAC))
        return false;
    net->mtu = USUAL_MTU;
    if ((device->features & FEATURE_MTU) != 0)
        device->transport->config(device, CONFIG_MTU, &net->mtu, sizeof net->mtu);
    if (net->mtu < LEAST_MTU) {
        virtio_fail(device, "its MTU is below 68");
        return false;
    }
    if ((device->features & FEATURE_MAC) != 0)
        device->transport->config(device, CONFIG_MAC, net->mac, sizeof net->mac);
    else {
        /* The entropy pool is not filled yet; an address of one's own need only differ from the neighbours'. */
        uint64_t random = arch_cycles() * 0x9e3779b97f4a7c15ull;
        (void)entropy_cpu(&random, 1);
        memcpy(net->mac, &random, sizeof net->mac);
        net->mac[0] = (uint8_t)((net->mac[0] & 0xfc) | 2); /* locally administered, one station */
    }
    net->header_size = HEADER_SIZE + ((device->features & VIRTIO_F_VERSION_1) != 0 ? 2 : 0);
    net->buffer_size = (net->header_size + SOLO5_NET_HLEN + net->mtu + 63u) & ~63u;
    if (!start_queue(net, RECEIVE, &net->receive) || !start_queue(net, SEND, &net->send))
        return false;
    virtio_ready(device);
    while (net->receive.free_count > 0 && give(net, RECEIVE, &net->receive, net->buffer_size - net->header_size))
        ;
    virtio_notify(device, RECEIVE);
    return true;
}

bool net_readable(const struct net *net)
{
    return ring_has_used(&net->device.queues[RECEIVE]);
}

void net_interrupts(struct net *net, bool wanted)
{
    ring_interrupts(&net->device.queues[RECEIVE], wanted);
}

static solo5_result_t failed(struct net *net)
{
    if (!net->said)
        console_message("the network device at %s broke the rules of its queue and is not used any more",
                        net->device.place);
    net->said = true;
    return SOLO5_R_EUNSPEC;
}

solo5_result_t net_read(struct net *net, uint8_t *frame, size_t size, size_t *read_size)
{
    uint32_t written;
    bool again = true, any = false;
    while (again && take(net, RECEIVE, &net->receive, &written)) {
        any = true;
        const uint8_t *from = net->receive.memory +
                              (size_t)net->receive.free[net->receive.free_count - 1] * net->buffer_size;
        /* What is no frame, or larger than anybody can take, is passed over. */
        if (written > net->header_size && written - net->header_size <= size) {
            *read_size = written - net->header_size;
            memcpy(frame, from + net->header_size, *read_size);
            again = false;
        }
        (void)give(net, RECEIVE, &net->receive, net->buffer_size - net->header_size);
    }
    if (net->device.queues[RECEIVE].broken)
        return failed(net);
    if (any)
        virtio_notify(&net->device, RECEIVE);
    return again ? SOLO5_R_AGAIN : SOLO5_R_OK;
}

solo5_result_t net_write(struct net *net, const uint8_t *frame, size_t size)
{
    if (size > (size_t)net->mtu + SOLO5_NET_HLEN)
        return SOLO5_R_EINVAL;
    uint32_t written;
    while (take(net, SEND, &net->send, &written))
        ;
    if (net->device.queues[SEND].broken)
        return failed(net);
    if (net->send.free_count == 0) {
        virtio_notify(&net->device, SEND);
        return SOLO5_R_AGAIN;
    }
    uint8_t *to = net->send.memory + (size_t)net->send.free[net->send.free_count - 1] * net->buffer_size;
    memset(to, 0, net->header_size);
    memcpy(to + net->header_size, frame, size);
    if (!give(net, SEND, &net->send, (uint32_t)size))
        return SOLO5_R_AGAIN;
    virtio_notify(&net->device, SEND);
    return SOLO5_R_OK;
}
