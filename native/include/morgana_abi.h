/*
 * Morgana's additions to the Solo5 spt ABI: what an image says about itself in a note, and what the tender grants it.
 *
 * This header stands alone (C11 and <stdint.h>/<stddef.h> only). The image side (native/) and the tender side
 * (src/Morgana.Tender) follow it; docs/abi.md is the specification in words. Every number is little endian.
 * A tender that does not know the note skips it, and the grant stays as the image was linked: all zero.
 */
#ifndef MORGANA_ABI_H
#define MORGANA_ABI_H

#include <stddef.h>
#include <stdint.h>

#define MORGANA_NOTE_NAME "Morgana"
#define MORGANA_NOTE_TYPE 1U
#define MORGANA_NOTE_SECTION ".note.morgana.abi"
#define MORGANA_ABI_VERSION 1U

/* Bits of morgana_grant.granted. */
#define MORGANA_GRANT_FAULTS 1U /* SIGSEGV, SIGBUS, SIGFPE and SIGILL arrive at fault_entry */
#define MORGANA_GRANT_GUARDS 2U /* mprotect(one page, PROT_NONE or PROT_READ|PROT_WRITE) above the image is allowed */
#define MORGANA_GRANT_SEED 4U   /* seed holds 32 bytes from the host's random number generator */

#define MORGANA_SEED_SIZE 32
#define MORGANA_GUARD_SIZE 4096U

/*
 * The descriptor of the note: what the image asks for.
 * Its members lie where they would without the attribute; only the struct's own alignment is lowered to the 4 bytes of a
 * note, so that it can follow the note's name at once.
 */
struct __attribute__((packed, aligned(4))) morgana_abi {
    uint32_t version;          /* MORGANA_ABI_VERSION */
    uint32_t flags;            /* 0; a tender refuses an image with a flag that it does not know */
    uint64_t grant;            /* address of a struct morgana_grant in a writable segment, 8-byte aligned; 0: none wanted */
    uint64_t fault_entry;      /* address of the handler, in an executable segment; 0: no faults wanted, the next three are 0 */
    uint64_t fault_return;     /* address of code that does rt_sigreturn (sa_restorer), in an executable segment */
    uint64_t fault_stack;      /* lowest address of the stack that the handler runs on, in a writable segment */
    uint64_t fault_stack_size; /* its size in bytes, at least MINSIGSTKSZ of the machine (2048; 16384 is wise) */
};

/* What the tender writes at morgana_abi.grant before it jumps to the entry point. */
struct morgana_grant {
    uint32_t version; /* MORGANA_ABI_VERSION when the tender knows the note, else 0 */
    uint32_t granted; /* MORGANA_GRANT_ bits */
    uint8_t seed[MORGANA_SEED_SIZE];
};

/* The note with its header, as it stands in section .note.morgana.abi. */
struct morgana_abi_note {
    uint32_t name_size;       /* 8, with the terminator */
    uint32_t descriptor_size; /* sizeof(struct morgana_abi) */
    uint32_t type;            /* MORGANA_NOTE_TYPE */
    char name[8];             /* MORGANA_NOTE_NAME */
    struct morgana_abi descriptor;
};

_Static_assert(sizeof(struct morgana_abi) == 48, "the descriptor is 48 bytes");
_Static_assert(offsetof(struct morgana_abi, version) == 0, "version");
_Static_assert(offsetof(struct morgana_abi, flags) == 4, "flags");
_Static_assert(offsetof(struct morgana_abi, grant) == 8, "grant");
_Static_assert(offsetof(struct morgana_abi, fault_entry) == 16, "fault_entry");
_Static_assert(offsetof(struct morgana_abi, fault_return) == 24, "fault_return");
_Static_assert(offsetof(struct morgana_abi, fault_stack) == 32, "fault_stack");
_Static_assert(offsetof(struct morgana_abi, fault_stack_size) == 40, "fault_stack_size");
_Static_assert(sizeof(struct morgana_grant) == 40, "the grant is 40 bytes");
_Static_assert(offsetof(struct morgana_grant, granted) == 4, "granted");
_Static_assert(offsetof(struct morgana_grant, seed) == 8, "seed");
_Static_assert(sizeof(struct morgana_abi_note) == 68, "the note is 20 + 48 bytes");
_Static_assert(offsetof(struct morgana_abi_note, descriptor) == 20, "the descriptor follows the name at once");

#endif
