/*
 * SPT ABI 2: what the tender leaves in memory for the image, and the system
 * calls it allows. Source: Solo5's include/spt_abi.h. Self-contained.
 */
#ifndef MORGANA_SOLO5_SPT_H
#define MORGANA_SOLO5_SPT_H

#include <stddef.h>
#include <stdint.h>

#define SPT_ABI_TARGET  2
#define SPT_ABI_VERSION 2

struct manifest;

struct spt_boot_info {
    uint64_t mem_size;   /* end of guest memory */
    uint64_t kernel_end; /* first byte above the image */
    const char *cmdline;
    const struct manifest *manifest;
    int32_t epoll_descriptor;
    int32_t timer_descriptor;
};

/* What epoll reports for the tender's own timer. */
#define SPT_TIMER_EVENT (~1U)

_Static_assert(offsetof(struct spt_boot_info, cmdline) == 16, "boot info: cmdline");
_Static_assert(offsetof(struct spt_boot_info, epoll_descriptor) == 32, "boot info: epoll");
_Static_assert(sizeof(struct spt_boot_info) == 40, "boot info");

#endif
