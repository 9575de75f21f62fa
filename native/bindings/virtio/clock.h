/* Clocks that others lend: KVM's page (Linux, Documentation/virt/kvm/x86/msr.rst) and the CMOS clock. */
#ifndef MORGANA_VIRTIO_CLOCK_H
#define MORGANA_VIRTIO_CLOCK_H

#include "native.h"

struct clock_page {
    uint32_t version; /* odd while the hypervisor writes */
    uint32_t pad0;
    uint64_t cycles;
    uint64_t time; /* nanoseconds at `cycles` */
    uint32_t multiplier;
    int8_t shift;
    uint8_t flags;
    uint8_t pad[2];
};
_Static_assert(sizeof(struct clock_page) == 32, "pvclock_vcpu_time_info");

/* Nanoseconds after `delta` cycles. */
static inline uint64_t clock_scale(uint64_t delta, uint32_t multiplier, int8_t shift)
{
    delta = shift < 0 ? delta >> -shift : delta << shift;
    return (uint64_t)((unsigned __int128)delta * multiplier >> 32);
}

static inline uint64_t clock_page_time(const volatile struct clock_page *page)
{
    for (;;) {
        uint32_t version = page->version;
        __asm__ volatile("lfence" : : : "memory");
        uint64_t time = page->time + clock_scale(arch_cycles() - page->cycles, page->multiplier, page->shift);
        __asm__ volatile("lfence" : : : "memory");
        if ((version & 1) == 0 && version == page->version)
            return time;
        __builtin_ia32_pause();
    }
}

/* Cycles in a second. */
static inline uint64_t clock_page_frequency(const volatile struct clock_page *page)
{
    uint64_t value = (1000000000ull << 32) / page->multiplier;
    return page->shift < 0 ? value << -page->shift : value >> page->shift;
}

/* Nanoseconds since 1970, to the second. */
uint64_t cmos_read(void);

#endif
