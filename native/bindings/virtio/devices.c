/*
 * The machine's virtio devices, and which of them the names in the manifest mean:
 *
 *   1. a block device whose serial number is the name (QEMU: serial=NAME);
 *   2. what is left, in the order of the manifest and of the devices' places on the bus, or on the command line. A disk that the image was booted
 *      from is not counted: it has the boot loader's mark.
 *
 * Every device of the manifest must be there: the image says so at once, not when it is first used.
 */
#include "../../libc/format.h"
#include "block.h"
#include "morgana_block.h"
#include "net.h"
#include "pci.h"
#include "solo5_manifest.h"

#define DEVICES_MOST  63
#define VIRTIO_VENDOR 0x1af4
#define SEED_SIZE     32

/* Where the manifest begins in its note: behind the header, the name and the padding (Morgana.Elf's ManifestNote). */
#define MANIFEST_OFFSET 24

/* Devices that cannot interrupt are looked at this often. */
#define LOOK_INTERVAL 1000000ull

extern const char __manifest_note_start[], __manifest_note_end[];

static struct net *nets[DEVICES_MOST];
static struct block *blocks[DEVICES_MOST];
static unsigned net_count, block_count;
static bool all_interrupt = true;
static uint8_t seed[SEED_SIZE];
static size_t seed_size;

static void *of_handle[DEVICES_MOST + 1];

static const struct manifest *manifest(void)
{
    return (const struct manifest *)(__manifest_note_start + MANIFEST_OFFSET);
}

const uint8_t *bindings_seed(size_t *size)
{
    *size = seed_size;
    return seed;
}

/* --- what is there --- */

static void start_entropy(struct virtio_device *device)
{
    uint8_t *bytes = early_allocate(SEED_SIZE, 64);
    struct ring_buffer buffer = {bytes, SEED_SIZE, true};
    uint16_t head;
    uint32_t written = 0;
    if (seed_size == SEED_SIZE || !virtio_negotiate(device, 0) || !virtio_queue(device, 0, 8))
        return;
    virtio_ready(device);
    struct ring *ring = &device->queues[0];
    if (!ring_give(ring, &buffer, 1, &head))
        return;
    virtio_notify(device, 0);
    /* The host may have none for now: then the processor's generator and jitter must do. */
    uint64_t deadline = solo5_clock_monotonic() + 100000000;
    while (!ring_has_used(ring) && solo5_clock_monotonic() < deadline)
        idle_wait(solo5_clock_monotonic() + LOOK_INTERVAL);
    bool taken = ring_take(ring, &head, &written);
    /* It must not write there later. */
    device->transport->set_status(device, 0);
    if (!taken)
        return;
    memcpy(seed, bytes, written);
    seed_size = written;
}

/* The boot loader of `morgana image --disk` has this at the end of its first sector's code. */
static bool is_boot_disk(struct block *block)
{
    static const char mark[8] = "MORGANA1";
    if (block->capacity < 4096 || block->block_size > 4096)
        return false;
    uint8_t *first = early_allocate(4096, 4096);
    return block_read(block, 0, first, block->block_size) == SOLO5_R_OK && memcmp(first + 432, mark, sizeof mark) == 0;
}

static void start(struct virtio_device *device)
{
    if (device->type == VIRTIO_NET && net_count < DEVICES_MOST) {
        struct net *net = early_allocate(sizeof *net, 64);
        net->device = *device;
        if (net_start(net))
            nets[net_count++] = net;
        all_interrupt &= net->device.interrupts;
    } else if (device->type == VIRTIO_BLOCK && block_count < DEVICES_MOST) {
        struct block *block = early_allocate(sizeof *block, 64);
        block->device = *device;
        if (block_start(block))
            blocks[block_count++] = block;
    } else if (device->type == VIRTIO_ENTROPY)
        start_entropy(device);
}

static void found(struct pci_address at)
{
    if (pci_read16(at, PCI_VENDOR) != VIRTIO_VENDOR)
        return;
    struct virtio_device device = {0};
    snprintf(device.place, sizeof device.place, "PCI %02x:%02x.%u", at.bus, at.device, at.function);
    pci_enable(at);
    device.interrupts = pci_enable_messages(at);
    if (pci_modern_attach(&device, &at) || pci_legacy_attach(&device, &at))
        start(&device);
}

/* --- which is which --- */

static unsigned count_of(uint32_t type)
{
    unsigned count = 0;
    for (uint32_t i = 1; i < manifest()->entries && i <= DEVICES_MOST; i++)
        count += manifest()->entry[i].type == type;
    return count;
}

static void name_blocks(void)
{
    bool taken[DEVICES_MOST] = {false};
    for (unsigned pass = 0; pass < 2; pass++) {
        unsigned next = 0;
        for (uint32_t i = 1; i < manifest()->entries && i <= DEVICES_MOST; i++) {
            const struct manifest_entry *entry = &manifest()->entry[i];
            if (entry->type != MANIFEST_BLOCK_BASIC || of_handle[i] != NULL)
                continue;
            for (unsigned b = pass == 0 ? 0 : next; b < block_count; b++) {
                bool fits = pass == 0 ? strcmp(blocks[b]->name, entry->name) == 0
                                      : !is_boot_disk(blocks[b]);
                if (taken[b] || !fits)
                    continue;
                taken[b] = true;
                of_handle[i] = blocks[b];
                next = b + 1;
                break;
            }
            if (pass == 1 && of_handle[i] == NULL)
                fatal("the program has %u block devices, and the machine has none left for '%s': "
                      "add one (QEMU: -drive if=none,id=d,file=... -device virtio-blk-pci,drive=d,serial=%s)",
                      count_of(MANIFEST_BLOCK_BASIC), entry->name, entry->name);
        }
    }
}

static void name_nets(void)
{
    unsigned next = 0;
    for (uint32_t i = 1; i < manifest()->entries && i <= DEVICES_MOST; i++) {
        const struct manifest_entry *entry = &manifest()->entry[i];
        if (entry->type != MANIFEST_NET_BASIC)
            continue;
        if (next == net_count)
            fatal("the program has %u network devices, and the machine has none left for '%s': "
                  "add one (QEMU: -netdev ...,id=n -device virtio-net-pci,netdev=n)",
                  count_of(MANIFEST_NET_BASIC), entry->name);
        of_handle[i] = nets[next++];
    }
}

void devices_init(char *command_line)
{
    pci_scan(found);
    mmio_scan(command_line, start);
    name_nets();
    name_blocks();
}

/* --- the Solo5 interface --- */

static void *acquire(const char *name, uint32_t type, solo5_handle_t *handle)
{
    for (uint32_t i = 1; i < manifest()->entries && i <= DEVICES_MOST; i++) {
        const struct manifest_entry *entry = &manifest()->entry[i];
        if (entry->type == type && strncmp(entry->name, name, sizeof entry->name) == 0) {
            *handle = i;
            return of_handle[i];
        }
    }
    return NULL;
}

static void *get(solo5_handle_t handle, uint32_t type)
{
    if (handle == 0 || handle >= manifest()->entries || handle > DEVICES_MOST || manifest()->entry[handle].type != type)
        return NULL;
    return of_handle[handle];
}

solo5_result_t solo5_net_acquire(const char *name, solo5_handle_t *handle, struct solo5_net_info *info)
{
    const struct net *net = acquire(name, MANIFEST_NET_BASIC, handle);
    if (net == NULL)
        return SOLO5_R_EINVAL;
    memcpy(info->mac_address, net->mac, sizeof info->mac_address);
    info->mtu = net->mtu;
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *frame, size_t size, size_t *read_size)
{
    struct net *net = get(handle, MANIFEST_NET_BASIC);
    return net == NULL ? SOLO5_R_EINVAL : net_read(net, frame, size, read_size);
}

solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *frame, size_t size)
{
    struct net *net = get(handle, MANIFEST_NET_BASIC);
    return net == NULL ? SOLO5_R_EINVAL : net_write(net, frame, size);
}

solo5_result_t solo5_block_acquire(const char *name, solo5_handle_t *handle, struct solo5_block_info *info)
{
    const struct block *block = acquire(name, MANIFEST_BLOCK_BASIC, handle);
    if (block == NULL)
        return SOLO5_R_EINVAL;
    info->capacity = block->capacity;
    info->block_size = block->block_size;
    return SOLO5_R_OK;
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *to, size_t size)
{
    struct block *block = get(handle, MANIFEST_BLOCK_BASIC);
    return block == NULL || size != block->block_size ? SOLO5_R_EINVAL : block_read(block, offset, to, size);
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *from, size_t size)
{
    struct block *block = get(handle, MANIFEST_BLOCK_BASIC);
    return block == NULL || size != block->block_size ? SOLO5_R_EINVAL : block_write(block, offset, from, size);
}

/* --- and beyond it (morgana_block.h) --- */

uint32_t morgana_block_flags(solo5_handle_t handle)
{
    const struct block *block = get(handle, MANIFEST_BLOCK_BASIC);
    return block != NULL && block->read_only ? MORGANA_BLOCK_READ_ONLY : 0;
}

solo5_result_t morgana_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *to, size_t size,
                                  size_t block_size)
{
    struct block *block = get(handle, MANIFEST_BLOCK_BASIC);
    (void)block_size;
    if (block == NULL)
        return SOLO5_R_EINVAL;
    return size == 0 ? SOLO5_R_OK : block_read(block, offset, to, size);
}

solo5_result_t morgana_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *from, size_t size,
                                   size_t block_size)
{
    struct block *block = get(handle, MANIFEST_BLOCK_BASIC);
    (void)block_size;
    if (block == NULL)
        return SOLO5_R_EINVAL;
    return size == 0 ? SOLO5_R_OK : block_write(block, offset, from, size);
}

solo5_result_t morgana_block_flush(solo5_handle_t handle)
{
    struct block *block = get(handle, MANIFEST_BLOCK_BASIC);
    return block == NULL ? SOLO5_R_EINVAL : block_flush(block);
}

static uint64_t readable(void)
{
    uint64_t set = 0;
    for (uint32_t i = 1; i < manifest()->entries && i <= DEVICES_MOST; i++) {
        const struct net *net = get(i, MANIFEST_NET_BASIC);
        if (net != NULL && net_readable(net))
            set |= 1ull << i;
    }
    return set;
}

static void interrupts(bool wanted)
{
    for (unsigned i = 0; i < net_count; i++)
        net_interrupts(nets[i], wanted);
}

void solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready_set)
{
    uint64_t ready = readable();
    if (ready == 0 && deadline > 1 && solo5_clock_monotonic() < deadline) {
        interrupts(true);
        /* A frame that came before the device knew interrupts no more. */
        while ((ready = readable()) == 0) {
            uint64_t now = solo5_clock_monotonic();
            if (now >= deadline)
                break;
            idle_wait(all_interrupt || deadline - now < LOOK_INTERVAL ? deadline : now + LOOK_INTERVAL);
        }
        interrupts(false);
    }
    if (ready_set != NULL)
        *ready_set = ready;
}
