/* For targets whose host has no sockets to lend: bindings that have some define these functions themselves. */
#include "morgana_sockets.h"
#include "native.h"

#define ABSENT __attribute__((weak))

ABSENT bool morgana_sockets_available(void)
{
    return false;
}

ABSENT int32_t morgana_sockets_next(void)
{
    return -1;
}

ABSENT int32_t morgana_udp_open(uint32_t address, uint16_t port)
{
    (void)address, (void)port;
    return -ENOSYS;
}

ABSENT void morgana_udp_close(int32_t socket)
{
    (void)socket;
}

ABSENT int32_t morgana_udp_receive(int32_t socket, uint8_t *buffer, size_t size, struct morgana_datagram *datagram)
{
    (void)socket, (void)buffer, (void)size, (void)datagram;
    return -ENOSYS;
}

ABSENT int32_t morgana_udp_send(int32_t socket, const uint8_t *payload, size_t size,
                                const struct morgana_datagram *datagram)
{
    (void)socket, (void)payload, (void)size, (void)datagram;
    return -ENOSYS;
}
