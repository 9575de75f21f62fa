#include "../threads/thread.h"

int *__errno_location(void)
{
    return &current()->error;
}

/* The string and maths archive's own name for it. */
int *___errno_location(void) __attribute__((alias("__errno_location")));

static const struct {
    int number;
    const char *text;
} messages[] = {
    {0, "Success"},
    {EPERM, "Operation not permitted"},
    {ENOENT, "No such file or directory"},
    {EIO, "Input/output error"},
    {EBADF, "Bad file descriptor"},
    {EAGAIN, "Resource temporarily unavailable"},
    {ENOMEM, "Cannot allocate memory"},
    {EACCES, "Permission denied"},
    {EFAULT, "Bad address"},
    {EBUSY, "Device or resource busy"},
    {ENODEV, "No such device"},
    {EINVAL, "Invalid argument"},
    {EMFILE, "Too many open files"},
    {ENOTTY, "Inappropriate ioctl for device"},
    {ESPIPE, "Illegal seek"},
    {EPIPE, "Broken pipe"},
    {ENOSYS, "Not available in a unikernel"},
    {ETIMEDOUT, "Connection timed out"},
};

char *strerror(int number)
{
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (messages[i].number == number)
            return (char *)messages[i].text;
    }
    return (char *)"Unknown error";
}

/* glibc's variant: the result need not be in the buffer. */
char *strerror_r(int number, char *buffer, size_t size)
{
    (void)buffer, (void)size;
    return strerror(number);
}

const char *gai_strerror(int number)
{
    (void)number;
    return "Name resolution is not available in this layer";
}
