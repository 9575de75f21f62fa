/*
 * Datagram sockets of the host, for C# (Morgana.Runtime). Targets that have
 * none link start/sockets.c, which says so. Addresses are in network byte
 * order, as they stand in packets; ports are numbers. Negative results are
 * Linux error numbers.
 */
#ifndef MORGANA_SOCKETS_H
#define MORGANA_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct morgana_datagram {
    uint32_t remote_address;
    uint32_t local_address; /* to send: 0 lets the host choose */
    uint16_t remote_port;
    uint16_t pad[3];
};

_Static_assert(sizeof(struct morgana_datagram) == 16, "datagram");

bool morgana_sockets_available(void);

/* A socket that can be read, or -1: those that the last sleep found. */
int32_t morgana_sockets_next(void);

/* A socket on an address (0 for all) and a port. */
int32_t morgana_udp_open(uint32_t address, uint16_t port);
void morgana_udp_close(int32_t socket);

/* Bytes of one datagram; -EAGAIN when there is none, or it was longer than the buffer. */
int32_t morgana_udp_receive(int32_t socket, uint8_t *buffer, size_t size, struct morgana_datagram *datagram);
int32_t morgana_udp_send(int32_t socket, const uint8_t *payload, size_t size, const struct morgana_datagram *datagram);

#endif
