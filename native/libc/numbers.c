/* Numbers out of text: settings in the environment, mostly. */
#include "native.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return 36;
}

static uint64_t parse(const char *text, char **end, int base, bool *negative, bool *overflow)
{
    const char *at = text;
    while (*at == ' ' || (*at >= '\t' && *at <= '\r'))
        at++;
    *negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if ((base == 0 || base == 16) && at[0] == '0' && (at[1] | 32) == 'x' && digit(at[2]) < 16) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }
    const char *first = at;
    uint64_t value = 0;
    *overflow = false;
    for (; digit(*at) < base; at++) {
        if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit(*at), &value))
            *overflow = true;
    }
    if (end != NULL)
        *end = (char *)(at == first ? text : at);
    return value;
}

unsigned long strtoul(const char *text, char **end, int base)
{
    bool negative, overflow;
    uint64_t value = parse(text, end, base, &negative, &overflow);
    if (overflow) {
        errno = ERANGE;
        return UINT64_MAX;
    }
    return negative ? -value : value;
}

long strtol(const char *text, char **end, int base)
{
    bool negative, overflow;
    uint64_t value = parse(text, end, base, &negative, &overflow);
    uint64_t limit = negative ? 1ull << 63 : INT64_MAX;
    if (overflow || value > limit) {
        errno = ERANGE;
        return negative ? INT64_MIN : INT64_MAX;
    }
    return negative ? (long)-value : (long)value;
}

unsigned long long strtoull(const char *text, char **end, int base)
{
    return strtoul(text, end, base);
}

long long strtoll(const char *text, char **end, int base)
{
    return strtol(text, end, base);
}

int atoi(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}
