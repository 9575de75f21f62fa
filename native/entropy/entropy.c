/*
 * The image's one random generator: ChaCha20 with fast key erasure (each call
 * replaces the key by its first output block, so what was given out cannot be
 * computed later). It is seeded from everything there is:
 *   1. 32 bytes from the tender, where the tender offers them (docs/abi.md);
 *   2. the CPU's generator (RDSEED, then RDRAND), 32 bytes;
 *   3. both clocks and the cycle counter;
 *   4. if neither 1 nor 2 is there, the jitter of 4096 clock readings: the low
 *      bits of the time between them. That is the fallback: weaker, since a
 *      quiet machine's clock is hard but not impossible to foresee.
 * The CPU's generator is mixed in again every 64 KiB of output.
 */
#include "native.h"
#include "solo5.h"

#define RESEED_BYTES 65536u

static uint32_t key[8];
static uint64_t block_number;
static size_t since_reseed;

#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define QUARTER(a, b, c, d)                                                                                            \
    a += b, d = ROTATE(d ^ a, 16), c += d, b = ROTATE(b ^ c, 12), a += b, d = ROTATE(d ^ a, 8), c += d,                \
    b = ROTATE(b ^ c, 7)

/* RFC 8439 section 2.3, with the 64-bit counter of the original. */
static void chacha_block(uint32_t out[16])
{
    uint32_t in[16] = {
        0x61707865,
        0x3320646e,
        0x79622d32,
        0x6b206574,
        key[0],
        key[1],
        key[2],
        key[3],
        key[4],
        key[5],
        key[6],
        key[7],
        (uint32_t)block_number,
        (uint32_t)(block_number >> 32),
        0,
        0,
    };
    uint32_t x[16];
    memcpy(x, in, sizeof x);
    for (int round = 0; round < 10; round++) {
        QUARTER(x[0], x[4], x[8], x[12]);
        QUARTER(x[1], x[5], x[9], x[13]);
        QUARTER(x[2], x[6], x[10], x[14]);
        QUARTER(x[3], x[7], x[11], x[15]);
        QUARTER(x[0], x[5], x[10], x[15]);
        QUARTER(x[1], x[6], x[11], x[12]);
        QUARTER(x[2], x[7], x[8], x[13]);
        QUARTER(x[3], x[4], x[9], x[14]);
    }
    for (int i = 0; i < 16; i++)
        out[i] = x[i] + in[i];
    block_number++;
}

static void replace_key(void)
{
    uint32_t block[16];
    chacha_block(block);
    memcpy(key, block, sizeof key);
    memset(block, 0, sizeof block);
    __asm__ volatile("" : : "r"(block) : "memory"); /* the wiping stays */
}

/* Each piece goes into the key and through the generator before the next. */
static void absorb(const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        uint8_t piece[32] = {0};
        size_t n = size < sizeof piece ? size : sizeof piece;
        memcpy(piece, from, n);
        uint32_t words[8];
        memcpy(words, piece, sizeof words);
        for (int i = 0; i < 8; i++)
            key[i] ^= words[i];
        replace_key();
        from += n;
        size -= n;
    }
}

void entropy_init(const uint8_t *seed, size_t size)
{
    uint64_t clocks[3] = {solo5_clock_wall(), solo5_clock_monotonic(), arch_cycles()};
    absorb(clocks, sizeof clocks);
    absorb(seed, size);
    uint64_t words[4];
    bool cpu = entropy_cpu(words, 4);
    if (cpu)
        absorb(words, sizeof words);
    if (!cpu && size < 32) {
        for (int i = 0; i < 4096 / 8; i++) {
            uint64_t times[8];
            for (int j = 0; j < 8; j++)
                times[j] = solo5_clock_monotonic() ^ arch_cycles() << 17;
            absorb(times, sizeof times);
        }
    }
}

void entropy_fill(void *buffer, size_t size)
{
    uint8_t *to = buffer;
    since_reseed += size;
    if (since_reseed >= RESEED_BYTES) {
        since_reseed = 0;
        uint64_t words[4];
        if (entropy_cpu(words, 4))
            absorb(words, sizeof words);
    }
    uint32_t first[16], block[16];
    chacha_block(first); /* half the next key, half output */
    size_t n = size < 32 ? size : 32;
    memcpy(to, first + 8, n);
    to += n;
    size -= n;
    while (size > 0) {
        chacha_block(block);
        n = size < sizeof block ? size : sizeof block;
        memcpy(to, block, n);
        to += n;
        size -= n;
    }
    memcpy(key, first, sizeof key);
    memset(first, 0, sizeof first);
    memset(block, 0, sizeof block);
    __asm__ volatile("" : : "r"(first), "r"(block) : "memory");
}
