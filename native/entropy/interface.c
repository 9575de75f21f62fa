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
 * OpenSSL. These are the entry points on that way; every other one of that
 * library is an undefined symbol when the image is linked.
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

/* EVP_MAX_MD_SIZE: the class that holds the others asks when it is loaded. */
int CryptoNative_GetMaxMdSize(void)
{
    return 64;
}

uint64_t CryptoNative_ErrGetExceptionError(int *allocation_failed)
{
    *allocation_failed = 0;
    return 0;
}

void CryptoNative_ErrErrorStringN(uint64_t error, char *buffer, int size)
{
    (void)error;
    if (size > 0)
        buffer[0] = 0;
}
