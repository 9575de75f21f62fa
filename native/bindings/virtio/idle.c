/*
 * Sleep: the processor halts until its local APIC's timer or a device interrupts it. Interrupts are off at all other
 * times; one that comes meanwhile waits, and ends the next sleep at once. So handlers run at one place only, and have
 * nothing to do but to say that they were there.
 */
#include "../../machine/machine.h"
#include "io.h"
#include "solo5.h"
#include "virtio.h"

#define APIC_BASE_MSR    0x1bu
#define APIC_ENABLE      (1ull << 11)
#define APIC_X2          (1ull << 10)
#define X2APIC_MSRS      0x800u
#define TSC_DEADLINE_MSR 0x6e0u

/* Registers, by their offset in memory. */
enum { ID = 0x20, TASK_PRIORITY = 0x80, END = 0xb0, SPURIOUS = 0xf0, LVT_TIMER = 0x320, INITIAL = 0x380, CURRENT = 0x390,
       DIVIDE = 0x3e0 };

#define SPURIOUS_ENABLE  0x100u
#define TIMER_ONCE       0u
#define TIMER_DEADLINE   (2u << 17)
#define DIVIDE_BY_16     3u

enum line { LINE_TIMER = 0, LINE_DEVICE = 1, LINE_SPURIOUS = 15 };

#define CALIBRATION 2000000ull /* ns */

static volatile uint32_t *registers; /* NULL in x2APIC mode */
static bool deadline_mode;
static uint64_t timer_hz;

static void apic_write(uint32_t at, uint32_t value)
{
    if (registers != NULL)
        registers[at / 4] = value;
    else
        msr_write(X2APIC_MSRS + at / 16, value);
}

static uint32_t apic_read(uint32_t at)
{
    return registers != NULL ? registers[at / 4] : (uint32_t)msr_read(X2APIC_MSRS + at / 16);
}

void bindings_interrupt(unsigned line)
{
    if (line == LINE_TIMER || line == LINE_DEVICE)
        apic_write(END, 0);
}

/* The old interrupt controller stays quiet; what it makes up all the same lands on lines that nobody minds. */
static void mask_old_controller(void)
{
    out8(0x20, 0x11);
    out8(0xa0, 0x11);
    out8(0x21, MACHINE_FIRST_INTERRUPT);
    out8(0xa1, MACHINE_FIRST_INTERRUPT);
    out8(0x21, 4);
    out8(0xa1, 2);
    out8(0x21, 1);
    out8(0xa1, 1);
    out8(0x21, 0xff);
    out8(0xa1, 0xff);
}

void idle_init(void)
{
    mask_old_controller();
    uint64_t base = msr_read(APIC_BASE_MSR);
    if ((base & APIC_ENABLE) == 0)
        msr_write(APIC_BASE_MSR, base | APIC_ENABLE);
    if ((base & APIC_X2) == 0) {
        uintptr_t at = base & 0xffffff000;
        if (!machine_map(at, at + PAGE_SIZE, MACHINE_DEVICE))
            fatal("no memory to map the interrupt controller");
        registers = (void *)at;
    }
    apic_write(SPURIOUS, SPURIOUS_ENABLE | (MACHINE_FIRST_INTERRUPT + LINE_SPURIOUS));
    apic_write(TASK_PRIORITY, 0);
    uint32_t r[4];
    arch_cpuid(1, 0, r);
    deadline_mode = (r[2] >> 24 & 1) != 0;
    if (deadline_mode) {
        apic_write(LVT_TIMER, TIMER_DEADLINE | (MACHINE_FIRST_INTERRUPT + LINE_TIMER));
        __asm__ volatile("mfence" : : : "memory");
        return;
    }
    apic_write(DIVIDE, DIVIDE_BY_16);
    apic_write(LVT_TIMER, TIMER_ONCE | (MACHINE_FIRST_INTERRUPT + LINE_TIMER));
    uint64_t start = solo5_clock_monotonic(), now;
    apic_write(INITIAL, UINT32_MAX);
    do
        now = solo5_clock_monotonic();
    while (now - start < CALIBRATION);
    uint32_t left = apic_read(CURRENT);
    timer_hz = (uint64_t)(UINT32_MAX - left) * 1000000000 / (now - start);
    apic_write(INITIAL, 0);
    if (timer_hz < 1000)
        fatal("no timer: the local APIC's does not count");
}

uint64_t idle_message_address(void)
{
    uint32_t id = registers != NULL ? apic_read(ID) >> 24 : apic_read(ID);
    return 0xfee00000 | (uint64_t)(id & 0xff) << 12;
}

uint32_t idle_message_data(void)
{
    return MACHINE_FIRST_INTERRUPT + LINE_DEVICE;
}

static void arm(uint64_t wait)
{
    /* A week is long enough: who sleeps longer wakes up once in between. */
    if (wait > 604800000000000ull)
        wait = 604800000000000ull;
    if (deadline_mode) {
        msr_write(TSC_DEADLINE_MSR,
                  arch_cycles() + (uint64_t)((unsigned __int128)wait * ((clock_frequency() << 20) / 1000000000) >> 20));
        return;
    }
    uint64_t ticks = wait / 1000 * timer_hz / 1000000 + wait % 1000 * timer_hz / 1000000000 + 1;
    apic_write(INITIAL, ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks);
}

void idle_wait(uint64_t deadline)
{
    uint64_t now = solo5_clock_monotonic();
    if (deadline <= now)
        return;
    arm(deadline - now);
    machine_wait_for_interrupt();
    clock_refine();
}
