/*
 * The host's own datagram sockets: what an image's UDP runs on when no network
 * device is attached. The interface is morgana_sockets.h, for C#.
 */
#include "morgana_sockets.h"
#include "unix.h"

#define AF_INET       2
#define SOCK_DGRAM    2
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC  02000000
#define SOL_SOCKET    1
#define SO_BROADCAST  6
#define IPPROTO_IP    0
#define IP_PKTINFO    8
#define MSG_TRUNC     0x20

#define READY_MAX 128
#define PORTS_MAX 16

struct socket_address {
    uint16_t family;
    uint16_t port; /* network byte order */
    uint32_t address;
    uint8_t zero[8];
};

struct io_vector {
    void *base;
    size_t size;
};

struct message {
    void *name;
    uint32_t name_size;
    struct io_vector *vectors;
    size_t vector_count;
    void *control;
    size_t control_size;
    int32_t flags;
};

struct packet_info {
    size_t size;
    int32_t level;
    int32_t type;
    int32_t interface;
    uint32_t local;       /* where the packet came to, or shall come from */
    uint32_t destination; /* what its header says: a broadcast address, for example */
    uint32_t pad;
};
_Static_assert(sizeof(struct packet_info) == 32, "a control message with struct in_pktinfo");
#define PACKET_INFO_SIZE 28 /* without the padding behind it */

static struct {
    uint16_t program, host;
} ports[PORTS_MAX];
static unsigned port_count;

static int32_t ready[READY_MAX];
static unsigned ready_count;

static uint16_t swap(uint16_t value)
{
    return (uint16_t)(value << 8 | value >> 8);
}

void sockets_map_port(const char *port, size_t port_size, const char *value)
{
    int64_t program = number_read(port, port_size, 65535), host = number_read(value, strlen(value), 65535);
    if (program < 1 || host < 1)
        refuse(EXIT_USAGE, "--port:%.*s=%s: write --port:PORT=HOSTPORT, both from 1 to 65535", (int)port_size, port,
               value);
    if (port_count == PORTS_MAX)
        refuse(EXIT_USAGE, "--port: at most %d ports can be mapped", PORTS_MAX);
    ports[port_count].program = (uint16_t)program;
    ports[port_count++].host = (uint16_t)host;
}

void sockets_forget_ready(void)
{
    ready_count = 0;
}

void sockets_note_ready(int descriptor)
{
    if (ready_count < READY_MAX)
        ready[ready_count++] = descriptor;
}

bool morgana_sockets_available(void)
{
    return true;
}

int32_t morgana_sockets_next(void)
{
    return ready_count > 0 ? ready[--ready_count] : -1;
}

int32_t morgana_udp_open(uint32_t address, uint16_t port)
{
    long socket = unix_syscall(SYS_SOCKET, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0, 0, 0);
    if (socket < 0)
        return (int32_t)socket;
    const int32_t on = 1;
    for (unsigned i = 0; i < port_count; i++) {
        if (ports[i].program == port) {
            port = ports[i].host;
            break;
        }
    }
    const struct socket_address at = {.family = AF_INET, .port = swap(port), .address = address};
    long result = unix_syscall(SYS_BIND, socket, (long)&at, sizeof at, 0, 0, 0);
    if (result == 0)
        result = unix_syscall(SYS_SETSOCKOPT, socket, IPPROTO_IP, IP_PKTINFO, (long)&on, sizeof on, 0);
    if (result == 0)
        result = unix_syscall(SYS_SETSOCKOPT, socket, SOL_SOCKET, SO_BROADCAST, (long)&on, sizeof on, 0);
    if (result != 0) {
        (void)unix_syscall(SYS_CLOSE, socket, 0, 0, 0, 0, 0);
        return (int32_t)result;
    }
    machine_watch((int)socket, SOCKET_EVENT | (uint32_t)socket);
    return (int32_t)socket;
}

void morgana_udp_close(int32_t socket)
{
    (void)unix_syscall(SYS_CLOSE, socket, 0, 0, 0, 0, 0);
    /* Its number may be another socket's soon. */
    for (unsigned i = 0; i < ready_count;) {
        if (ready[i] == socket)
            ready[i] = ready[--ready_count];
        else
            i++;
    }
}

int32_t morgana_udp_receive(int32_t socket, uint8_t *buffer, size_t size, struct morgana_datagram *datagram)
{
    struct socket_address from = {0};
    struct io_vector vector = {buffer, size};
    struct packet_info control = {0};
    struct message message = {&from, sizeof from, &vector, 1, &control, sizeof control, 0};
    long n = unix_syscall(SYS_RECVMSG, socket, (long)&message, 0, 0, 0, 0);
    if (n < 0)
        return (int32_t)n;
    datagram->remote_address = from.address;
    datagram->remote_port = swap(from.port);
    bool told = message.control_size >= PACKET_INFO_SIZE && control.level == IPPROTO_IP && control.type == IP_PKTINFO;
    datagram->local_address = told ? control.destination : 0;
    return (message.flags & MSG_TRUNC) != 0 ? -EAGAIN : (int32_t)n;
}

int32_t morgana_udp_send(int32_t socket, const uint8_t *payload, size_t size, const struct morgana_datagram *datagram)
{
    struct socket_address to = {.family = AF_INET, .port = swap(datagram->remote_port), .address = datagram->remote_address};
    struct io_vector vector = {(void *)(uintptr_t)payload, size};
    struct packet_info control = {
        .size = PACKET_INFO_SIZE, .level = IPPROTO_IP, .type = IP_PKTINFO, .local = datagram->local_address};
    bool chosen = datagram->local_address != 0;
    const struct message message = {
        &to, sizeof to, &vector, 1, chosen ? &control : NULL, chosen ? sizeof control : 0, 0,
    };
    return (int32_t)unix_syscall(SYS_SENDMSG, socket, (long)&message, 0, 0, 0, 0);
}
