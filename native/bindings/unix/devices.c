/*
 * Network and block devices. Which there are stands in the image's manifest;
 * the options of the program attach TAP devices, open descriptors and files
 * to them. The manifest's entries are kept as a tender would hand them over.
 */
#include "../manifest/manifest.h"
#include "morgana_block.h"
#include "unix.h"

#define O_RDONLY   0
#define O_RDWR     2
#define O_NONBLOCK 04000
#define O_CLOEXEC  02000000
#define AT_FDCWD   -100
#define SEEK_END   2
#define F_GETFL    3
#define F_SETFL    4
#define AF_INET    2
#define SOCK_DGRAM 2

#define TUNSETIFF  0x400454caul
#define SIOCGIFMTU 0x8921ul
#define IFF_TAP    0x0002
#define IFF_NO_PI  0x1000

#define READ_ONLY_FILE_SYSTEM 30 /* EROFS */

#define DEFAULT_MTU        1500
#define DEFAULT_BLOCK_SIZE 512

struct interface_request {
    char name[16];
    union {
        int16_t flags;
        int32_t mtu;
        uint8_t rest[24];
    } u;
};
_Static_assert(sizeof(struct interface_request) == 40, "struct ifreq");

/* The note with its header: 20 bytes and 4 of padding before the manifest. */
extern const uint8_t __manifest_note_start[], __manifest_note_end[];
#define MANIFEST_OFFSET 24

static union {
    struct manifest manifest;
    uint8_t room[sizeof(struct manifest) + DEVICES_MAX * sizeof(struct manifest_entry)];
} copy;
static bool has_mac[DEVICES_MAX];
static bool read_only[DEVICES_MAX];

struct manifest *unix_manifest = &copy.manifest;

void devices_init(void)
{
    size_t size = (size_t)(__manifest_note_end - __manifest_note_start);
    if (size < MANIFEST_OFFSET + sizeof(struct manifest) || size - MANIFEST_OFFSET > sizeof copy)
        return;
    memcpy(&copy, __manifest_note_start + MANIFEST_OFFSET, size - MANIFEST_OFFSET);
    if (copy.manifest.entries > DEVICES_MAX)
        copy.manifest.entries = 0;
}

static solo5_handle_t named(const char *option, const char *name, size_t size, uint32_t type)
{
    for (uint32_t i = 0; i < unix_manifest->entries; i++) {
        const struct manifest_entry *entry = &unix_manifest->entry[i];
        if (entry->type == type && strlen(entry->name) == size && strncmp(entry->name, name, size) == 0)
            return i;
    }
    refuse(EXIT_USAGE, "%s%.*s: the image has no %s device of this name", option, (int)size, name,
           type == MANIFEST_NET_BASIC ? "network" : "block");
}

static void set_nonblocking(int descriptor, const char *value)
{
    long flags = unix_syscall(SYS_FCNTL, descriptor, F_GETFL, 0, 0, 0, 0);
    if (flags < 0 || unix_syscall(SYS_FCNTL, descriptor, F_SETFL, flags | O_NONBLOCK, 0, 0, 0) != 0)
        refuse(EXIT_USAGE, "--net: %s is not an open descriptor", value);
}

static int open_tap(const char *name, uint16_t *mtu)
{
    struct interface_request request = {.u.flags = IFF_TAP | IFF_NO_PI};
    size_t size = strlen(name);
    if (size >= sizeof request.name)
        refuse(EXIT_USAGE, "--net: '%s' is too long for the name of an interface", name);
    memcpy(request.name, name, size);
    long tap = unix_syscall(SYS_OPENAT, AT_FDCWD, (long)"/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC, 0, 0, 0);
    if (tap < 0)
        refuse(EXIT_HOST, "--net: /dev/net/tun cannot be opened (error %ld)%s", -tap,
               tap == -EACCES || tap == -EPERM ? ": it takes root or the right to use it; without --net the host's sockets are used"
                                               : ": load the module tun");
    long result = unix_syscall(SYS_IOCTL, tap, TUNSETIFF, (long)&request, 0, 0, 0);
    if (result == -EPERM)
        refuse(EXIT_HOST, "--net: TAP device '%s' is not yours: make it with ip tuntap add %s mode tap user NAME", name,
               name);
    if (result < 0)
        refuse(EXIT_HOST, "--net: TAP device '%s' cannot be used (error %ld)%s", name, -result,
               result == -EBUSY ? ": another program has it" : "");
    long socket = unix_syscall(SYS_SOCKET, AF_INET, SOCK_DGRAM | O_CLOEXEC, 0, 0, 0, 0);
    *mtu = DEFAULT_MTU;
    if (socket >= 0) {
        if (unix_syscall(SYS_IOCTL, socket, SIOCGIFMTU, (long)&request, 0, 0, 0) == 0 && request.u.mtu >= 68 &&
            (uint32_t)request.u.mtu <= UINT16_MAX)
            *mtu = (uint16_t)request.u.mtu;
        (void)unix_syscall(SYS_CLOSE, socket, 0, 0, 0, 0, 0);
    }
    return (int)tap;
}

void devices_attach_net(const char *name, size_t name_size, const char *value)
{
    solo5_handle_t handle = named("--net:", name, name_size, MANIFEST_NET_BASIC);
    struct manifest_entry *entry = &unix_manifest->entry[handle];
    if (entry->attached)
        refuse(EXIT_USAGE, "--net:%s is given twice", entry->name);
    uint16_t mtu = DEFAULT_MTU;
    int descriptor;
    if (value[0] == '@') {
        descriptor = (int)number_read(value + 1, strlen(value + 1), INT32_MAX);
        set_nonblocking(descriptor, value);
    } else
        descriptor = open_tap(value, &mtu);
    entry->backing.host_descriptor = descriptor;
    entry->u.net.mtu = mtu;
    entry->attached = true;
    if (!has_mac[handle]) {
        (void)unix_syscall(SYS_GETRANDOM, (long)entry->u.net.mac, sizeof entry->u.net.mac, 0, 0, 0, 0);
        entry->u.net.mac[0] = (uint8_t)((entry->u.net.mac[0] & 0xfc) | 2); /* of one station, locally given */
    }
    machine_watch(descriptor, handle);
}

static int hexadecimal(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void devices_set_mac(const char *name, size_t name_size, const char *value)
{
    solo5_handle_t handle = named("--net-mac:", name, name_size, MANIFEST_NET_BASIC);
    uint8_t *mac = unix_manifest->entry[handle].u.net.mac;
    bool good = strlen(value) == 17;
    for (int i = 0; good && i < 6; i++) {
        int high = hexadecimal(value[3 * i]), low = hexadecimal(value[3 * i + 1]);
        good = high >= 0 && low >= 0 && value[3 * i + 2] == (i < 5 ? ':' : 0);
        mac[i] = (uint8_t)(high << 4 | low);
    }
    if (!good)
        refuse(EXIT_USAGE, "--net-mac:%.*s=%s: write a hardware address as in 02:00:00:00:00:01", (int)name_size, name,
               value);
    has_mac[handle] = true;
}

void devices_attach_block(const char *name, size_t name_size, const char *value)
{
    solo5_handle_t handle = named("--block:", name, name_size, MANIFEST_BLOCK_BASIC);
    struct manifest_entry *entry = &unix_manifest->entry[handle];
    if (entry->attached)
        refuse(EXIT_USAGE, "--block:%s is given twice", entry->name);
    long file = unix_syscall(SYS_OPENAT, AT_FDCWD, (long)value, O_RDWR | O_CLOEXEC, 0, 0, 0);
    if (file == -EACCES || file == -EPERM || file == -READ_ONLY_FILE_SYSTEM) { /* perhaps it may be read */
        file = unix_syscall(SYS_OPENAT, AT_FDCWD, (long)value, O_RDONLY | O_CLOEXEC, 0, 0, 0);
        read_only[handle] = true;
    }
    if (file < 0)
        refuse(EXIT_HOST, "--block:%s=%s: the file cannot be opened (error %ld)", entry->name, value, -file);
    long size = unix_syscall(SYS_LSEEK, file, 0, SEEK_END, 0, 0, 0);
    if (size <= 0)
        refuse(EXIT_HOST, "--block:%s=%s: the file has no size: make it with truncate -s SIZE", entry->name, value);
    entry->backing.host_descriptor = (int32_t)file;
    entry->u.block.capacity = (uint64_t)size;
    if (entry->u.block.block_size == 0)
        entry->u.block.block_size = DEFAULT_BLOCK_SIZE;
    entry->attached = true;
}

void devices_set_block_size(const char *name, size_t name_size, const char *value)
{
    struct manifest_entry *entry =
        &unix_manifest->entry[named("--block-sector-size:", name, name_size, MANIFEST_BLOCK_BASIC)];
    int64_t size = number_read(value, strlen(value), 32768);
    if (size < 512 || (size & (size - 1)) != 0)
        refuse(EXIT_USAGE, "--block-sector-size:%s=%s: write a power of two from 512 to 32768", entry->name, value);
    entry->u.block.block_size = (uint16_t)size;
}

void devices_check(void)
{
    for (uint32_t i = 0; i < unix_manifest->entries; i++) {
        const struct manifest_entry *entry = &unix_manifest->entry[i];
        if (entry->type == MANIFEST_BLOCK_BASIC && entry->attached &&
            entry->u.block.capacity % entry->u.block.block_size != 0)
            refuse(EXIT_HOST, "--block:%s: the file's size of %llu bytes is no multiple of its blocks of %u bytes",
                   entry->name, (unsigned long long)entry->u.block.capacity, entry->u.block.block_size);
    }
}

const struct manifest *bindings_manifest(void)
{
    return unix_manifest;
}

static solo5_result_t result_of(long n)
{
    return n == -EAGAIN || n == -EINTR ? SOLO5_R_AGAIN : SOLO5_R_EUNSPEC;
}

solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size)
{
    const struct manifest_entry *entry = manifest_get(handle, MANIFEST_NET_BASIC);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = unix_syscall(SYS_READ, entry->backing.host_descriptor, (long)frame, (long)size, 0, 0, 0);
    if (n < 0)
        return result_of(n);
    *read_size = (size_t)n;
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *frame, size_t size)
{
    const struct manifest_entry *entry = manifest_net_for(handle, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    long n = unix_syscall(SYS_WRITE, entry->backing.host_descriptor, (long)frame, (long)size, 0, 0, 0);
    return n == (long)size ? SOLO5_R_OK : result_of(n);
}

/* A file may take or give less than all: the rest is asked for again. */
static solo5_result_t transfer(long call, solo5_handle_t handle, solo5_off_t offset, uintptr_t blocks, size_t size)
{
    const struct manifest_entry *entry = manifest_blocks_at(handle, offset, size);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    for (size_t done = 0; done < size;) {
        long n = unix_syscall(call, entry->backing.host_descriptor, (long)(blocks + done), (long)(size - done),
                              (long)(offset + done), 0, 0);
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return SOLO5_R_EUNSPEC;
        done += (size_t)n;
    }
    return SOLO5_R_OK;
}

uint32_t morgana_block_flags(solo5_handle_t handle)
{
    return manifest_get(handle, MANIFEST_BLOCK_BASIC) != NULL && read_only[handle] ? MORGANA_BLOCK_READ_ONLY : 0;
}

solo5_result_t morgana_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *blocks, size_t size,
                                  size_t block_size)
{
    (void)block_size;
    return transfer(SYS_PREAD64, handle, offset, (uintptr_t)blocks, size);
}

solo5_result_t morgana_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *blocks, size_t size,
                                   size_t block_size)
{
    (void)block_size;
    return transfer(SYS_PWRITE64, handle, offset, (uintptr_t)blocks, size);
}

solo5_result_t morgana_block_flush(solo5_handle_t handle)
{
    const struct manifest_entry *entry = manifest_get(handle, MANIFEST_BLOCK_BASIC);
    if (entry == NULL)
        return SOLO5_R_EINVAL;
    if (read_only[handle])
        return SOLO5_R_OK;
    return unix_syscall(SYS_FDATASYNC, entry->backing.host_descriptor, 0, 0, 0, 0, 0) == 0 ? SOLO5_R_OK
                                                                                            : SOLO5_R_EUNSPEC;
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size)
{
    return manifest_block_at(handle, offset, size) == NULL
               ? SOLO5_R_EINVAL
               : transfer(SYS_PREAD64, handle, offset, (uintptr_t)block, size);
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size)
{
    return manifest_block_at(handle, offset, size) == NULL
               ? SOLO5_R_EINVAL
               : transfer(SYS_PWRITE64, handle, offset, (uintptr_t)block, size);
}
