/* The battery's clock, once, when the machine starts. It is taken to tell universal time, as hypervisors set it. */
#include "clock.h"
#include "io.h"

#define ADDRESS 0x70
#define DATA    0x71

enum { SECONDS = 0, MINUTES = 2, HOURS = 4, DAY = 7, MONTH = 8, YEAR = 9, STATUS_A = 10, STATUS_B = 11 };

#define UPDATING    0x80
#define BINARY      0x04
#define HOURS_24    0x02
#define AFTERNOON   0x80
#define FIELD_COUNT 6

static uint8_t cmos(uint8_t field)
{
    out8(ADDRESS, field);
    return in8(DATA);
}

static unsigned number(uint8_t value, uint8_t format)
{
    return (format & BINARY) != 0 ? value : (value >> 4) * 10u + (value & 15u);
}

static void read_fields(uint8_t values[FIELD_COUNT])
{
    static const uint8_t fields[FIELD_COUNT] = {SECONDS, MINUTES, HOURS, DAY, MONTH, YEAR};
    for (int wait = 0; wait < 100000 && (cmos(STATUS_A) & UPDATING) != 0; wait++)
        __builtin_ia32_pause();
    for (int i = 0; i < FIELD_COUNT; i++)
        values[i] = cmos(fields[i]);
}

/* Days since 1970-01-01 of a date after 2000-03-01: years begin in March, so that the leap day comes last. */
static uint64_t days(unsigned year, unsigned month, unsigned day)
{
    unsigned y = month > 2 ? year : year - 1;
    unsigned m = month > 2 ? month - 3 : month + 9;
    return 365ull * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

uint64_t cmos_read(void)
{
    uint8_t values[FIELD_COUNT], again[FIELD_COUNT];
    read_fields(values);
    /* Two readings that agree saw no carry between the fields. */
    for (int attempt = 0; attempt < 10; attempt++) {
        read_fields(again);
        if (memcmp(values, again, sizeof values) == 0)
            break;
        memcpy(values, again, sizeof values);
    }
    uint8_t format = cmos(STATUS_B);
    bool afternoon = (format & HOURS_24) == 0 && (values[2] & AFTERNOON) != 0;
    unsigned hours = number((format & HOURS_24) == 0 ? values[2] & 0x7f : values[2], format);
    if ((format & HOURS_24) == 0)
        hours = hours % 12 + (afternoon ? 12 : 0);
    uint64_t date = days(2000 + number(values[5], format), number(values[4], format), number(values[3], format));
    uint64_t seconds = date * 86400 + hours * 3600 + number(values[1], format) * 60 + number(values[0], format);
    return seconds * 1000000000;
}
