/*
 * The printf family, for the integers, strings and pointers that the runtime
 * prints. It knows flags - 0 + space #, width, precision, * and the lengths
 * hh h l ll z j t. A conversion it does not know, floating point among them,
 * is printed as it stands, never guessed: C# formats its own numbers.
 */
#include <stdarg.h>

#include "format.h"
#include "native.h"

struct output {
    char *at;
    char *end; /* where the terminating zero must still fit */
    size_t length;
};

static void put(struct output *out, char c)
{
    if (out->at < out->end)
        *out->at++ = c;
    out->length++;
}

static void pad(struct output *out, char c, int count)
{
    while (count-- > 0)
        put(out, c);
}

struct spec {
    bool left, zero, plus, space, alternate;
    int width;
    int precision; /* -1: none given */
};

static void put_number(struct output *out, uint64_t value, bool negative, unsigned base, bool upper,
                       const struct spec *spec)
{
    char digits[24];
    int count = 0;
    bool prefixed = spec->alternate && base == 16 && value != 0;
    if (value == 0 && spec->precision == 0) {
        /* C says: no digits at all. */
    } else {
        do {
            digits[count++] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
            value /= base;
        } while (value != 0);
    }
    char prefix[3];
    int prefixes = 0;
    if (negative)
        prefix[prefixes++] = '-';
    else if (spec->plus)
        prefix[prefixes++] = '+';
    else if (spec->space)
        prefix[prefixes++] = ' ';
    if (prefixed) {
        prefix[prefixes++] = '0';
        prefix[prefixes++] = upper ? 'X' : 'x';
    }
    int zeroes = spec->precision > count ? spec->precision - count : 0;
    if (spec->zero && !spec->left && spec->precision < 0 && spec->width > prefixes + count)
        zeroes = spec->width - prefixes - count;
    int blanks = spec->width - prefixes - zeroes - count;
    if (!spec->left)
        pad(out, ' ', blanks);
    for (int i = 0; i < prefixes; i++)
        put(out, prefix[i]);
    pad(out, '0', zeroes);
    while (count > 0)
        put(out, digits[--count]);
    if (spec->left)
        pad(out, ' ', blanks);
}

static void put_text(struct output *out, const char *text, const struct spec *spec)
{
    if (text == NULL)
        text = "(null)";
    int length = 0;
    while ((spec->precision < 0 || length < spec->precision) && text[length] != 0)
        length++;
    if (!spec->left)
        pad(out, ' ', spec->width - length);
    for (int i = 0; i < length; i++)
        put(out, text[i]);
    if (spec->left)
        pad(out, ' ', spec->width - length);
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
    struct output out = {buffer, size > 0 ? buffer + size - 1 : buffer, 0};
    va_list list;
    va_copy(list, arguments);
    for (const char *at = format; *at != 0; at++) {
        if (*at != '%') {
            put(&out, *at);
            continue;
        }
        const char *start = at++;
        struct spec spec = {.precision = -1};
        for (;; at++) {
            if (*at == '-')
                spec.left = true;
            else if (*at == '0')
                spec.zero = true;
            else if (*at == '+')
                spec.plus = true;
            else if (*at == ' ')
                spec.space = true;
            else if (*at == '#')
                spec.alternate = true;
            else
                break;
        }
        if (*at == '*') {
            spec.width = va_arg(list, int);
            if (spec.width < 0)
                spec.left = true, spec.width = -spec.width;
            at++;
        }
        while (*at >= '0' && *at <= '9')
            spec.width = spec.width * 10 + (*at++ - '0');
        if (*at == '.') {
            spec.precision = 0;
            at++;
            if (*at == '*') {
                spec.precision = va_arg(list, int);
                at++;
            }
            while (*at >= '0' && *at <= '9')
                spec.precision = spec.precision * 10 + (*at++ - '0');
        }
        int size_of = sizeof(int);
        for (; *at == 'h' || *at == 'l' || *at == 'z' || *at == 'j' || *at == 't'; at++) {
            if (*at == 'h')
                size_of = size_of == 2 ? 1 : 2;
            else
                size_of = 8;
        }
        switch (*at) {
        case 'd':
        case 'i': {
            int64_t value = size_of == 8 ? va_arg(list, int64_t) : va_arg(list, int);
            if (size_of == 2)
                value = (int16_t)value;
            else if (size_of == 1)
                value = (int8_t)value;
            put_number(&out, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, 10, false, &spec);
            break;
        }
        case 'u':
        case 'x':
        case 'X':
        case 'o': {
            uint64_t value = size_of == 8 ? va_arg(list, uint64_t) : va_arg(list, unsigned);
            if (size_of < 4)
                value &= (1ull << (8 * size_of)) - 1;
            spec.plus = spec.space = false;
            put_number(&out, value, false, *at == 'u' ? 10 : *at == 'o' ? 8 : 16, *at == 'X', &spec);
            break;
        }
        case 'p': {
            uintptr_t value = (uintptr_t)va_arg(list, void *);
            spec.alternate = true;
            if (value != 0)
                put_number(&out, value, false, 16, false, &spec);
            else
                put_text(&out, "(nil)", &spec);
            break;
        }
        case 'c': {
            char text[2] = {(char)va_arg(list, int), 0};
            if (!spec.left)
                pad(&out, ' ', spec.width - 1);
            put(&out, text[0]);
            if (spec.left)
                pad(&out, ' ', spec.width - 1);
            break;
        }
        case 's':
            put_text(&out, va_arg(list, const char *), &spec);
            break;
        case '%':
            put(&out, '%');
            break;
        default:
            while (start <= at && *start != 0)
                put(&out, *start++);
            if (*at == 0)
                at--;
            break;
        }
    }
    va_end(list);
    if (size > 0)
        *out.at = 0;
    return (int)out.length;
}

int snprintf(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

int sprintf(char *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, INT32_MAX, format, arguments);
    va_end(arguments);
    return length;
}

int vasprintf(char **result, const char *format, va_list arguments)
{
    int length = vsnprintf(NULL, 0, format, arguments);
    *result = malloc((size_t)length + 1);
    if (*result == NULL)
        return -1;
    return vsnprintf(*result, (size_t)length + 1, format, arguments);
}

int asprintf(char **result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(result, format, arguments);
    va_end(arguments);
    return length;
}
