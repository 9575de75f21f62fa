/*
 * Time. Under KVM its own clock (pvclock) says how the cycle counter becomes nanoseconds, and what the wall clock was when
 * the machine started. Elsewhere the counter's frequency comes from CPUID where a hypervisor says it there, else it is
 * measured: against ACPI's timer, or the 8254 where that is missing; and once more over a second as soon as one has
 * passed. The wall clock is then the CMOS clock's, read once: it may be behind by up to a second.
 */
#include "clock.h"

#include "io.h"
#include "solo5.h"
#include "virtio.h"

#define SECOND 1000000000ull

static uint64_t frequency; /* cycles in a second */
static uint64_t base_cycles, base_time;
static uint64_t multiplier; /* nanoseconds of a cycle, 32 bits behind the point */
static uint64_t wall_offset;

/* --- KVM --- */

#define HYPERVISOR_LEAF 0x40000000u
#define KVM_FEATURES    0x40000001u
#define TIMING_LEAF     0x40000010u
#define KVM_CLOCK2      (1u << 3)
#define MSR_KVM_WALL    0x4b564d00u
#define MSR_KVM_TIME    0x4b564d01u

struct wall_clock {
    uint32_t version;
    uint32_t seconds, nanoseconds;
};

static volatile struct clock_page kvm_clock __attribute__((aligned(64)));
static volatile struct wall_clock kvm_wall __attribute__((aligned(64)));
static bool kvm;

static uint32_t hypervisor_leaves(char vendor[12])
{
    uint32_t r[4];
    arch_cpuid(1, 0, r);
    if ((r[2] >> 31) == 0)
        return 0;
    arch_cpuid(HYPERVISOR_LEAF, 0, r);
    memcpy(vendor, &r[1], 12);
    return r[0];
}

static bool kvm_init(uint32_t leaves, const char vendor[12])
{
    uint32_t r[4];
    if (memcmp(vendor, "KVMKVMKVM\0\0\0", 12) != 0 || (leaves != 0 && leaves < KVM_FEATURES))
        return false;
    arch_cpuid(KVM_FEATURES, 0, r);
    if ((r[0] & KVM_CLOCK2) == 0)
        return false;
    msr_write(MSR_KVM_TIME, (uintptr_t)&kvm_clock | 1);
    msr_write(MSR_KVM_WALL, (uintptr_t)&kvm_wall);
    if (kvm_clock.multiplier == 0)
        return false;
    wall_offset = kvm_wall.seconds * SECOND + kvm_wall.nanoseconds;
    frequency = clock_page_frequency(&kvm_clock);
    return true;
}

/* --- measured --- */

#define PIT_HZ       1193182u
#define PIT_CHANNEL2 0x42
#define PIT_COMMAND  0x43
#define PIT_GATE     0x61
#define PM_HZ        3579545u

static uint16_t timer_port;
static uint32_t timer_mask;

static uint32_t timer_read(void)
{
    return in32(timer_port);
}

static uint32_t pit_read(void)
{
    out8(PIT_COMMAND, 0x80); /* latch channel 2 */
    uint32_t low = in8(PIT_CHANNEL2);
    return 0xffff - (low | (uint32_t)in8(PIT_CHANNEL2) << 8);
}

static void pit_start(void)
{
    out8(PIT_GATE, (uint8_t)((in8(PIT_GATE) & ~2) | 1));
    out8(PIT_COMMAND, 0xb0); /* channel 2, both bytes, counts down once */
    out8(PIT_CHANNEL2, 0xff);
    out8(PIT_CHANNEL2, 0xff);
}

struct moment {
    uint64_t cycles;
    uint32_t ticks;
};

/* Both clocks at one time: of a few readings the one that took the shortest. */
static struct moment read_both(uint32_t (*read)(void))
{
    struct moment best = {0, 0};
    uint64_t shortest = UINT64_MAX;
    for (int i = 0; i < 8; i++) {
        uint64_t before = arch_cycles();
        uint32_t ticks = read();
        uint64_t after = arch_cycles();
        if (after - before < shortest) {
            shortest = after - before;
            best = (struct moment){before + (after - before) / 2, ticks};
        }
    }
    return best;
}

/* The counter's frequency over `ticks` of a timer; 0 when the timer stands still. */
static uint64_t measure(uint32_t (*read)(void), uint32_t hz, uint32_t mask, uint32_t ticks)
{
    struct moment start = read_both(read);
    uint32_t last = start.ticks;
    for (uint32_t still = 0; ((last - start.ticks) & mask) < ticks;) {
        uint32_t now = read();
        still = now == last ? still + 1 : 0;
        if (still == 100000)
            return 0;
        last = now;
        __builtin_ia32_pause();
    }
    struct moment end = read_both(read);
    return (end.cycles - start.cycles) * hz / ((end.ticks - start.ticks) & mask);
}

/* --- */

static uint64_t scaled(uint64_t cycles)
{
    return (uint64_t)((unsigned __int128)cycles * multiplier >> 32);
}

/* From now on time runs at this frequency; what has passed stays. */
static void set_frequency(uint64_t value)
{
    uint64_t now = arch_cycles();
    base_time += scaled(now - base_cycles);
    base_cycles = now;
    frequency = value;
    multiplier = (SECOND << 32) / value;
}

static uint64_t said_frequency(uint32_t leaves)
{
    uint32_t r[4];
    if (leaves >= TIMING_LEAF && leaves < HYPERVISOR_LEAF + 0x10000) {
        arch_cpuid(TIMING_LEAF, 0, r);
        if (r[0] != 0)
            return r[0] * 1000ull;
    }
    arch_cpuid(0, 0, r);
    if (r[0] >= 0x15) {
        arch_cpuid(0x15, 0, r); /* crystal in ecx, times ebx / eax */
        if (r[0] != 0 && r[1] != 0 && r[2] != 0)
            return (uint64_t)r[2] * r[1] / r[0];
    }
    return 0;
}

static struct moment first; /* of the measurement over a second */

void clock_init(void)
{
    char vendor[12] = {0};
    uint32_t leaves = hypervisor_leaves(vendor);
    kvm = kvm_init(leaves, vendor);
    if (kvm)
        return;
    uint64_t value = said_frequency(leaves);
    timer_port = acpi_timer_port();
    timer_mask = acpi_timer_is_32_bit() ? 0xffffffff : 0xffffff;
    if (value != 0)
        timer_port = 0;
    if (timer_port != 0) {
        value = measure(timer_read, PM_HZ, timer_mask, PM_HZ / 200);
        first = read_both(timer_read);
    }
    if (value == 0) {
        timer_port = 0;
        pit_start();
        value = measure(pit_read, PIT_HZ, 0xffff, PIT_HZ / 100);
    }
    if (value < 1000000)
        fatal("no clock: neither KVM's nor CPUID nor a timer says how fast the cycle counter runs");
    base_cycles = arch_cycles();
    multiplier = 0;
    set_frequency(value);
    base_time = 0;
    wall_offset = cmos_read();
}

/* Between one and four seconds after the start, before the timer's 24 bits wrap: a hundred times the baseline. */
void clock_refine(void)
{
    if (timer_port == 0)
        return;
    uint64_t passed = arch_cycles() - first.cycles;
    if (passed < frequency)
        return;
    struct moment now = read_both(timer_read);
    if (passed < 4 * frequency) {
        uint64_t value = (now.cycles - first.cycles) * PM_HZ / ((now.ticks - first.ticks) & timer_mask);
        /* A machine that was stopped in between may say anything. */
        if (value > frequency - frequency / 1000 && value < frequency + frequency / 1000)
            set_frequency(value);
        timer_port = 0;
    }
    first = now;
}

uint64_t clock_frequency(void)
{
    return frequency;
}

solo5_time_t solo5_clock_monotonic(void)
{
    return kvm ? clock_page_time(&kvm_clock) : base_time + scaled(arch_cycles() - base_cycles);
}

solo5_time_t solo5_clock_wall(void)
{
    return wall_offset + solo5_clock_monotonic();
}
