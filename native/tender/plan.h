/*
 * The launch plan: what the tender (C#, src/Morgana.Tender/Spt/Launch/LaunchPlan.cs) tells the stub to do, in one sealed memfd.
 *
 * The two sides are built together and never travel apart, so the version only guards against a stale stub lying about.
 * A unit test compares these numbers with the C# side's.
 */
#ifndef MORGANA_TENDER_PLAN_H
#define MORGANA_TENDER_PLAN_H

#include <stddef.h>
#include <stdint.h>

#define PLAN_MAGIC 0x4e414c50414e524dULL /* "MRNAPLAN" */
#define PLAN_VERSION 1U

struct plan {
    uint64_t magic;
    uint32_t version;
    uint32_t size; /* of the whole plan, in bytes */

    /* Guest memory: [memory_start, memory_end), readable and writable until the segments say otherwise. */
    uint64_t memory_start;
    uint64_t memory_end;

    /* The first state of the guest. */
    uint64_t entry;
    uint64_t stack;
    uint64_t argument;

    /* Where the segments' bytes are read from. */
    int32_t image_descriptor;
    uint32_t reserved;

    /* Arrays behind this header: offset from the start of the plan, number of elements. */
    uint32_t segments_offset;
    uint32_t segments_count;
    uint32_t copies_offset;
    uint32_t copies_count;
    uint32_t keep_offset; /* int32_t descriptors that stay open, ascending */
    uint32_t keep_count;
    uint32_t filter_offset; /* struct sock_filter, 8 bytes each */
    uint32_t filter_count;

    /* Morgana's additions to the ABI, see docs/abi.md. */
    uint64_t grant; /* address of the grant; 0: none */
    uint32_t granted;
    uint32_t reserved2;
    uint64_t fault_entry; /* 0: faults are not delivered */
    uint64_t fault_return;
    uint64_t fault_stack;
    uint64_t fault_stack_size;

    char name[16]; /* the process's name, with its terminator */
};

/* Bytes of the image file, and the protection of the pages around them. */
struct plan_segment {
    uint64_t address;      /* of the first byte */
    uint64_t file_offset;
    uint64_t file_size;
    uint64_t pages;        /* start of the pages */
    uint64_t pages_size;   /* multiple of the page size */
    uint32_t protection;   /* PROT_ bits */
    uint32_t reserved;
};

/* Bytes of the plan itself that go to guest memory. */
struct plan_copy {
    uint64_t address;
    uint32_t offset; /* from the start of the plan */
    uint32_t size;
};

_Static_assert(sizeof(struct plan) == 160, "plan");
_Static_assert(offsetof(struct plan, memory_start) == 16, "memory_start");
_Static_assert(offsetof(struct plan, entry) == 32, "entry");
_Static_assert(offsetof(struct plan, image_descriptor) == 56, "image_descriptor");
_Static_assert(offsetof(struct plan, segments_offset) == 64, "segments_offset");
_Static_assert(offsetof(struct plan, filter_count) == 92, "filter_count");
_Static_assert(offsetof(struct plan, grant) == 96, "grant");
_Static_assert(offsetof(struct plan, granted) == 104, "granted");
_Static_assert(offsetof(struct plan, fault_entry) == 112, "fault_entry");
_Static_assert(offsetof(struct plan, fault_stack_size) == 136, "fault_stack_size");
_Static_assert(offsetof(struct plan, name) == 144, "name");
_Static_assert(sizeof(struct plan_segment) == 48, "plan_segment");
_Static_assert(offsetof(struct plan_segment, protection) == 40, "plan_segment.protection");
_Static_assert(sizeof(struct plan_copy) == 16, "plan_copy");

#endif
