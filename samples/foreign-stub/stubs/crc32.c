#include "checksum.h"

static uint32_t table[256];

/* Runs before Main, as constructors do everywhere. */
__attribute__((constructor)) static void make_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = (rest >> 1) ^ ((rest & 1) ? CRC32_POLYNOMIAL : 0);
        table[byte] = rest;
    }
}

uint32_t crc32_of(const uint8_t *bytes, size_t length)
{
    uint32_t crc = ~0u;
    for (size_t i = 0; i < length; i++)
        crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >> 8);
    return ~crc;
}
