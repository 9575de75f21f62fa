/*
 * Nanoseconds out of a counter: counter * 1e9 / rate, as one multiplication with a fraction of 2^56. The product has 128
 * bits, so nothing overflows before 584 years have passed, and the fraction is off by less than 1 in 10^15.
 */
#include "machine.h"

#define FRACTION 56
#define SECOND   1000000000ull

static uint64_t multiplier;

bool machine_clock_start(uint64_t rate)
{
    /* (SECOND << 56) / rate in two steps of 64 bits; its result must have no more. */
    if (rate <= SECOND >> 8 || rate > 1000 * SECOND)
        return false;
    uint64_t high = (SECOND << 32) / rate, rest = (SECOND << 32) % rate;
    multiplier = (high << (FRACTION - 32)) + ((rest << (FRACTION - 32)) / rate);
    return true;
}

uint64_t machine_clock_at(uint64_t cycles)
{
    return (uint64_t)((unsigned __int128)cycles * multiplier >> FRACTION);
}

uint64_t machine_clock(void)
{
    return machine_clock_at(arch_cycles());
}
