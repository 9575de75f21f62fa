/*
 * ELF notes by which tenders recognise an image (Solo5's include/elf_abi.h).
 * Self-contained.
 */
#ifndef MORGANA_SOLO5_NOTES_H
#define MORGANA_SOLO5_NOTES_H

#include <stdint.h>

struct abi_note {
    uint32_t name_size;
    uint32_t descriptor_size;
    uint32_t type;
    char name[8];
    uint32_t target;
    uint32_t version;
    uint32_t reserved[2];
};

_Static_assert(sizeof(struct abi_note) == 36, "ABI note");

#define ABI_NOTE_TYPE 0x31494241u /* "ABI1" */

/* OpenBSD's identification note: it makes that system refuse the image as a
 * program instead of handing it to a shell. It must be the first note. */
struct openbsd_note {
    uint32_t name_size;
    uint32_t descriptor_size;
    uint32_t type;
    char name[8];
    uint32_t data;
};

_Static_assert(sizeof(struct openbsd_note) == 24, "OpenBSD note");

#endif
