/* A network device (virtio 1.1, 5.1): whole frames, no offloading. */
#ifndef MORGANA_VIRTIO_NET_H
#define MORGANA_VIRTIO_NET_H

#include "solo5.h"
#include "transport.h"

struct net {
    struct virtio_device device;
    uint8_t mac[SOLO5_NET_ALEN];
    uint16_t mtu;
    bool said; /* that its queue is broken */
    uint32_t header_size, buffer_size;
    struct net_buffers {
        uint8_t *memory;
        uint16_t count;
        uint16_t *of_head; /* which buffer a chain holds */
        uint16_t *free;    /* those not with the device */
        uint16_t free_count;
    } receive, send;
};

/* Starts the device. False, with a message, when it cannot be used. */
bool net_start(struct net *net);

bool net_readable(const struct net *net);
void net_interrupts(struct net *net, bool wanted);
solo5_result_t net_read(struct net *net, uint8_t *frame, size_t size, size_t *read_size);
solo5_result_t net_write(struct net *net, const uint8_t *frame, size_t size);

#endif
