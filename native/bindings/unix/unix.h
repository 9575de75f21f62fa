/* What the parts of the unix bindings offer each other. */
#ifndef MORGANA_UNIX_H
#define MORGANA_UNIX_H

#include "native.h"
#include "solo5.h"
#include "solo5_manifest.h"
#include "syscall.h"

#define DEVICES_MAX 64 /* with the reserved entry 0 */

/* Exit codes of sysexits.h. */
#define EXIT_USAGE 64
#define EXIT_HOST  71

/* --- options.c --- */

struct unix_options {
    uint64_t memory; /* bytes */
};

/*
 * Takes the options of the bindings from the beginning of the arguments and
 * returns the index of the first argument that is the program's own. Devices
 * are attached on the way.
 */
int options_read(int count, char **arguments, struct unix_options *options);

/* Says on standard error what is wrong, and ends the program. */
_Noreturn void refuse(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- devices.c --- */

extern struct manifest *unix_manifest;

void devices_init(void);
void devices_attach_net(const char *name, size_t name_size, const char *value);
void devices_set_mac(const char *name, size_t name_size, const char *value);
void devices_attach_block(const char *name, size_t name_size, const char *value);
void devices_set_block_size(const char *name, size_t name_size, const char *value);
/* When all options are read: what was said about a device must fit. */
void devices_check(void);

/* --- machine.c --- */

/* What epoll reports: handles of devices, the timer, or SOCKET_EVENT and a descriptor. */
#define TIMER_EVENT  0xffffffffull
#define SOCKET_EVENT 0x100000000ull

void machine_init(void);
void machine_watch(int descriptor, uint64_t event);

/* --- sockets.c --- */

/* The bit of the host's sockets among the readable devices: no manifest has a 64th device. */
#define SOCKETS_HANDLE 63

/* Notes that a socket can be read, before the loop hears of it. */
void sockets_note_ready(int descriptor);
void sockets_forget_ready(void);
void sockets_map_port(const char *port, size_t port_size, const char *value);

/* Reads a whole number without sign; -1 for what is none, or above `limit`. */
int64_t number_read(const char *text, size_t size, int64_t limit);

#endif
