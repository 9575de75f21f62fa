/* The generator by the names that .NET's archives call. */
#include "native.h"

long getrandom(void *buffer, size_t size, unsigned flags)
{
    (void)flags;
    entropy_fill(buffer, size);
    return (long)size;
}

int getentropy(void *buffer, size_t size)
{
    entropy_fill(buffer, size);
    return 0;
}

void arc4random_buf(void *buffer, size_t size)
{
    entropy_fill(buffer, size);
}

long lrand48(void)
{
    uint32_t value;
    entropy_fill(&value, sizeof value);
    return value >> 1;
}

void srand48(long seed)
{
    (void)seed; /* there is one generator, and it needs no seed of 48 bits */
}

/*
 * System.Security.Cryptography on Linux reaches its random numbers through
 * OpenSSL. Only these entry points are bound; every other one of that library
 * is a DllNotFoundException when it is called.
 */
int CryptoNative_EnsureOpenSslInitialized(void)
{
    return 0;
}

int CryptoNative_GetRandomBytes(uint8_t *buffer, int size)
{
    if (size < 0)
        return 0;
    entropy_fill(buffer, (size_t)size);
    return 1;
}
