/* The instructions that stop the guest and let the tender act. */
#include "hvt.h"

#include "../../machine/machine.h"
#include "solo5_hvt_ring.h"

bool hvt_calls_start(void)
{
#if defined(__aarch64__)
    /* Stores to addresses where there is nothing but the tender. */
    return machine_map(HVT_MMIO, HVT_MMIO + PAGE_SIZE, MACHINE_DEVICE);
#else
    return true;
#endif
}

void hvt_call(enum hvt_hypercall number, volatile void *argument)
{
    /* 32 bits of address reach all of the memory that an hvt guest can have. */
    uint32_t address = (uint32_t)(uintptr_t)argument;
#if defined(__x86_64__)
    __asm__ volatile("outl %0, %1" : : "a"(address), "d"((uint16_t)(HVT_PORT + number)) : "memory");
#elif defined(__aarch64__)
    __asm__ volatile("str %w0, [%1]" : : "r"(address), "r"(HVT_MMIO + HVT_MMIO_STEP * number) : "memory");
#endif
}

void hvt_kick(void)
{
#if defined(__x86_64__)
    __asm__ volatile("outl %0, %1" : : "a"(0), "d"((uint16_t)HVT_RING_KICK_PORT) : "memory");
#elif defined(__aarch64__)
    __asm__ volatile("str wzr, [%0]" : : "r"(HVT_RING_KICK_MMIO) : "memory");
#endif
}
