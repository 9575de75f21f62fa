/*
 * The manifest as a tender hands it to the bindings (Solo5's MFT ABI 1).
 * Self-contained; sizes and offsets are asserted.
 */
#ifndef MORGANA_SOLO5_MANIFEST_H
#define MORGANA_SOLO5_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum manifest_type {
    MANIFEST_BLOCK_BASIC = 1,
    MANIFEST_NET_BASIC = 2,
};

struct manifest_entry {
    char name[68]; /* zero-terminated, 1 to 67 alphanumerics */
    uint32_t type;
    union {
        struct {
            uint64_t capacity;
            uint16_t block_size;
        } block;
        struct {
            uint8_t mac[6];
            uint16_t mtu;
        } net;
    } u;
    union {
        int32_t host_descriptor; /* what spt's system calls name */
        uint64_t data;
    } backing;
    bool attached;
};

struct manifest {
    uint32_t version; /* 1 */
    uint32_t entries; /* 1 to 64; entry 0 is reserved and has no type */
    struct manifest_entry entry[];
};

_Static_assert(offsetof(struct manifest_entry, type) == 68, "manifest entry: type");
_Static_assert(offsetof(struct manifest_entry, u) == 72, "manifest entry: properties");
_Static_assert(offsetof(struct manifest_entry, backing) == 88, "manifest entry: backing");
_Static_assert(offsetof(struct manifest_entry, attached) == 96, "manifest entry: attached");
_Static_assert(sizeof(struct manifest_entry) == 104, "manifest entry");
_Static_assert(sizeof(struct manifest) == 8, "manifest");

#endif
