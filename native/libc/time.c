/* Clocks. Without threads that run at once, CPU time is elapsed time. */
#include "native.h"
#include "solo5.h"

int clock_gettime(int clock, struct timespec *time)
{
    bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    uint64_t now = wall ? solo5_clock_wall() : solo5_clock_monotonic();
    *time = (struct timespec){(int64_t)(now / 1000000000), (int64_t)(now % 1000000000)};
    return 0;
}

int clock_getres(int clock, struct timespec *resolution)
{
    (void)clock;
    if (resolution != NULL)
        *resolution = (struct timespec){0, 1};
    return 0;
}

int gettimeofday(struct timeval *time, void *zone)
{
    (void)zone;
    uint64_t now = solo5_clock_wall();
    *time = (struct timeval){(int64_t)(now / 1000000000), (int64_t)(now % 1000000000 / 1000)};
    return 0;
}

int64_t time(int64_t *result)
{
    int64_t now = (int64_t)(solo5_clock_wall() / 1000000000);
    if (result != NULL)
        *result = now;
    return now;
}
