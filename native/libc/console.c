/* Everything that is written ends on the machine's one console. */
#include "format.h"
#include "native.h"
#include "solo5.h"

/* Opaque to the callers; only their addresses count. */
struct file {
    int unused;
};
static struct file standard_streams[3];
struct file *stdin = &standard_streams[0];
struct file *stdout = &standard_streams[1];
struct file *stderr = &standard_streams[2];

void console_message(const char *format, ...)
{
    char line[512] = "morgana: ";
    va_list arguments;
    va_start(arguments, format);
    size_t prefix = strlen(line);
    int length = vsnprintf(line + prefix, sizeof line - prefix - 1, format, arguments);
    va_end(arguments);
    size_t total = prefix + (size_t)length;
    if (total > sizeof line - 2)
        total = sizeof line - 2;
    line[total] = '\n';
    solo5_console_write(line, total + 1);
}

_Noreturn void fatal(const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    console_message("%s", text);
    solo5_abort();
}

int vfprintf(struct file *stream, const char *format, va_list arguments)
{
    (void)stream;
    char text[1024];
    int length = vsnprintf(text, sizeof text, format, arguments);
    size_t shown = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    solo5_console_write(text, shown);
    return length;
}

int fprintf(struct file *stream, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vfprintf(stream, format, arguments);
    va_end(arguments);
    return length;
}

int printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vfprintf(stdout, format, arguments);
    va_end(arguments);
    return length;
}

int fputs(const char *text, struct file *stream)
{
    (void)stream;
    solo5_console_write(text, strlen(text));
    return 1;
}

int puts(const char *text)
{
    fputs(text, stdout);
    return fputs("\n", stdout);
}

int fputc(int c, struct file *stream)
{
    (void)stream;
    char byte = (char)c;
    solo5_console_write(&byte, 1);
    return (unsigned char)byte;
}

int putchar(int c)
{
    return fputc(c, stdout);
}

size_t fwrite(const void *items, size_t size, size_t count, struct file *stream)
{
    (void)stream;
    solo5_console_write(items, size * count);
    return count;
}

int fflush(struct file *stream)
{
    (void)stream; /* nothing is buffered */
    return 0;
}

/* There are no files: none can be opened, so none is ever read. */
struct file *fopen64(const char *path, const char *mode)
{
    (void)path, (void)mode;
    errno = ENOENT;
    return NULL;
}

struct file *fopen(const char *path, const char *mode)
{
    return fopen64(path, mode);
}

int fclose(struct file *stream)
{
    (void)stream;
    return 0;
}

int fgetc(struct file *stream)
{
    (void)stream;
    return -1;
}

char *fgets(char *buffer, int size, struct file *stream)
{
    (void)buffer, (void)size, (void)stream;
    return NULL;
}

ssize_t __getdelim(char **line, size_t *size, int delimiter, struct file *stream)
{
    (void)line, (void)size, (void)delimiter, (void)stream;
    return -1;
}

/* The runtime scans only files of /proc and /sys with these. */
int __isoc99_fscanf(struct file *stream, const char *format, ...)
{
    (void)stream, (void)format;
    return -1;
}

int __isoc99_sscanf(const char *text, const char *format, ...)
{
    (void)text, (void)format;
    return 0;
}

int sscanf(const char *text, const char *format, ...)
{
    (void)text, (void)format;
    return 0;
}
