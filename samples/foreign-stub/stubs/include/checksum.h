/* What Unikernel.cs imports. */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The polynomial of CRC-32 as Ethernet has it, its bits in reverse. */
#define CRC32_POLYNOMIAL 0xedb88320u

uint32_t crc32_of(const uint8_t *bytes, size_t length);

#endif
