/*
 * The network device: packets on standard input and output, each behind its
 * length in two bytes, the higher first. There is one, whatever its name.
 */
#include "pipe.h"

#define HANDLE 1
#define MTU    65535
#define HEADER 2

#define POLL_IN 1

struct poll_descriptor {
    int32_t descriptor;
    int16_t events;
    int16_t returned;
};

static uint8_t input[2 * (HEADER + MTU)];
static size_t have;

/* Length of the packet at the beginning of the input; -1 as long as it is not whole. */
static long whole(void)
{
    size_t size = have < HEADER ? MTU : (size_t)(input[0] << 8 | input[1]);
    return have >= HEADER && have - HEADER >= size ? (long)size : -1;
}

bool pipe_wait(const struct timespec *time)
{
    if (whole() >= 0)
        return true;
    struct poll_descriptor standard_input = {.descriptor = 0, .events = POLL_IN};
    long count = pipe_syscall(SYS_PPOLL, (long)&standard_input, 1, (long)time, 0, 0, 0);
    return count > 0;
}

solo5_result_t solo5_net_acquire(const char *name, solo5_handle_t *handle, struct solo5_net_info *info)
{
    static const uint8_t address[SOLO5_NET_ALEN] = {2, 0, 0, 0, 0, 1};
    (void)name;
    *handle = HANDLE;
    memcpy(info->mac_address, address, sizeof address);
    info->mtu = MTU;
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *packet, size_t size, size_t *read_size)
{
    static const struct timespec at_once = {0, 0};
    if (handle != HANDLE)
        return SOLO5_R_EINVAL;
    if (whole() < 0) {
        if (!pipe_wait(&at_once))
            return SOLO5_R_AGAIN;
        long n = pipe_syscall(SYS_READ, 0, (long)(input + have), (long)(sizeof input - have), 0, 0, 0);
        if (n == 0)
            solo5_exit(SOLO5_EXIT_SUCCESS); /* whoever had the other end is gone */
        if (n > 0)
            have += (size_t)n;
    }
    long length = whole();
    if (length < 0)
        return SOLO5_R_AGAIN;
    *read_size = (size_t)length < size ? (size_t)length : size;
    memcpy(packet, input + HEADER, *read_size);
    have -= HEADER + (size_t)length;
    memmove(input, input + HEADER + length, have);
    return SOLO5_R_OK;
}

solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *packet, size_t size)
{
    static uint8_t output[HEADER + MTU];
    if (handle != HANDLE || size > MTU)
        return SOLO5_R_EINVAL;
    output[0] = (uint8_t)(size >> 8);
    output[1] = (uint8_t)size;
    memcpy(output + HEADER, packet, size);
    for (size_t done = 0; done < HEADER + size;) {
        long n = pipe_syscall(SYS_WRITE, 1, (long)(output + done), (long)(HEADER + size - done), 0, 0, 0);
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return SOLO5_R_EUNSPEC;
        done += (size_t)n;
    }
    return SOLO5_R_OK;
}

/* No disks. */
solo5_result_t solo5_block_acquire(const char *name, solo5_handle_t *handle, struct solo5_block_info *info)
{
    (void)name, (void)handle, (void)info;
    return SOLO5_R_EINVAL;
}

solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset, uint8_t *block, size_t size)
{
    (void)handle, (void)offset, (void)block, (void)size;
    return SOLO5_R_EINVAL;
}

solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset, const uint8_t *block, size_t size)
{
    (void)handle, (void)offset, (void)block, (void)size;
    return SOLO5_R_EINVAL;
}
