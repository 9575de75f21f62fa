/*
 * File descriptors, as far as .NET's console needs them: 0 to 2 are the
 * console (reading gives the end of input), pipes connect threads, and
 * /dev/urandom and /dev/random are the generator. Nothing else can be opened.
 */
#include "native.h"
#include "solo5.h"

#define DESCRIPTOR_COUNT 64
#define PIPE_SIZE        512

enum kind {
    CLOSED,
    CONSOLE,
    RANDOM,
    PIPE_READ,
    PIPE_WRITE,
};

struct pipe_buffer {
    struct wait_queue readers;
    struct wait_queue writers;
    uint32_t start;
    uint32_t used;
    uint16_t read_ends;
    uint16_t write_ends;
    uint8_t bytes[PIPE_SIZE];
};

static struct descriptor {
    enum kind kind;
    struct pipe_buffer *pipe;
} table[DESCRIPTOR_COUNT] = {
    [0] = {CONSOLE, NULL},
    [1] = {CONSOLE, NULL},
    [2] = {CONSOLE, NULL},
};

static int fail(int error)
{
    errno = error;
    return -1;
}

static struct descriptor *find(int number)
{
    if (number < 0 || number >= DESCRIPTOR_COUNT || table[number].kind == CLOSED)
        return NULL;
    return &table[number];
}

static int add(int lowest, struct descriptor what)
{
    for (int i = lowest < 0 ? 0 : lowest; i < DESCRIPTOR_COUNT; i++) {
        if (table[i].kind != CLOSED)
            continue;
        table[i] = what;
        if (what.kind == PIPE_READ)
            what.pipe->read_ends++;
        if (what.kind == PIPE_WRITE)
            what.pipe->write_ends++;
        return i;
    }
    return fail(EMFILE);
}

int open64(const char *path, int flags, ...)
{
    (void)flags;
    if (strcmp(path, "/dev/urandom") == 0 || strcmp(path, "/dev/random") == 0)
        return add(3, (struct descriptor){RANDOM, NULL});
    return fail(ENOENT);
}

int open(const char *path, int flags, ...)
{
    return open64(path, flags);
}

int close(int number)
{
    struct descriptor *d = find(number);
    if (d == NULL)
        return fail(EBADF);
    struct pipe_buffer *pipe = d->pipe;
    enum kind kind = d->kind;
    *d = (struct descriptor){CLOSED, NULL};
    if (pipe != NULL) {
        if (kind == PIPE_READ)
            pipe->read_ends--;
        else
            pipe->write_ends--;
        thread_wake_all(&pipe->readers);
        thread_wake_all(&pipe->writers);
        if (pipe->read_ends == 0 && pipe->write_ends == 0)
            free(pipe);
    }
    return 0;
}

int pipe2(int ends[2], int flags)
{
    (void)flags;
    struct pipe_buffer *pipe = calloc(1, sizeof *pipe);
    if (pipe == NULL)
        return fail(ENOMEM);
    ends[0] = add(3, (struct descriptor){PIPE_READ, pipe});
    if (ends[0] < 0) {
        free(pipe);
        return -1;
    }
    ends[1] = add(3, (struct descriptor){PIPE_WRITE, pipe});
    if (ends[1] < 0) {
        close(ends[0]);
        return fail(EMFILE);
    }
    return 0;
}

int pipe(int ends[2])
{
    return pipe2(ends, 0);
}

static ssize_t read_pipe(int number, uint8_t *buffer, size_t size)
{
    for (;;) {
        struct descriptor *d = find(number);
        if (d == NULL || d->kind != PIPE_READ)
            return fail(EBADF); /* closed while it waited */
        struct pipe_buffer *pipe = d->pipe;
        if (pipe->used == 0) {
            if (pipe->write_ends == 0)
                return 0;
            (void)thread_wait(&pipe->readers, NEVER);
            continue;
        }
        size_t n = 0;
        while (n < size && pipe->used > 0) {
            buffer[n++] = pipe->bytes[pipe->start];
            pipe->start = (pipe->start + 1) % PIPE_SIZE;
            pipe->used--;
        }
        thread_wake_all(&pipe->writers);
        return (ssize_t)n;
    }
}

static ssize_t write_pipe(int number, const uint8_t *buffer, size_t size)
{
    size_t n = 0;
    while (n < size) {
        struct descriptor *d = find(number);
        if (d == NULL || d->kind != PIPE_WRITE)
            return fail(EBADF);
        struct pipe_buffer *pipe = d->pipe;
        if (pipe->read_ends == 0)
            return fail(EPIPE);
        if (pipe->used == PIPE_SIZE) {
            (void)thread_wait(&pipe->writers, NEVER);
            continue;
        }
        pipe->bytes[(pipe->start + pipe->used) % PIPE_SIZE] = buffer[n++];
        pipe->used++;
        thread_wake_all(&pipe->readers);
    }
    return (ssize_t)n;
}

ssize_t read(int number, void *buffer, size_t size)
{
    struct descriptor *d = find(number);
    if (d == NULL)
        return fail(EBADF);
    switch (d->kind) {
    case RANDOM:
        entropy_fill(buffer, size);
        return (ssize_t)size;
    case PIPE_READ:
        return size == 0 ? 0 : read_pipe(number, buffer, size);
    case CONSOLE:
        return 0;
    default:
        return fail(EBADF);
    }
}

ssize_t write(int number, const void *buffer, size_t size)
{
    struct descriptor *d = find(number);
    if (d == NULL)
        return fail(EBADF);
    switch (d->kind) {
    case CONSOLE:
        solo5_console_write(buffer, size);
        return (ssize_t)size;
    case PIPE_WRITE:
        return write_pipe(number, buffer, size);
    default:
        return fail(EBADF);
    }
}

ssize_t pread64(int number, void *buffer, size_t size, off_t offset)
{
    (void)number, (void)buffer, (void)size, (void)offset;
    return fail(ESPIPE);
}

ssize_t pwrite64(int number, const void *buffer, size_t size, off_t offset)
{
    (void)number, (void)buffer, (void)size, (void)offset;
    return fail(ESPIPE);
}

off_t lseek64(int number, off_t offset, int whence)
{
    (void)offset, (void)whence;
    return fail(find(number) == NULL ? EBADF : ESPIPE);
}

int dup(int number)
{
    struct descriptor *d = find(number);
    return d == NULL ? fail(EBADF) : add(0, *d);
}

int dup2(int number, int target)
{
    struct descriptor *d = find(number);
    if (d == NULL || target < 0 || target >= DESCRIPTOR_COUNT)
        return fail(EBADF);
    if (number == target)
        return target;
    if (find(target) != NULL)
        (void)close(target);
    return add(target, *d);
}

#define F_DUPFD         0
#define F_GETFD         1
#define F_SETFD         2
#define F_GETFL         3
#define F_SETFL         4
#define F_DUPFD_CLOEXEC 1030

int fcntl(int number, int command, ...)
{
    struct descriptor *d = find(number);
    if (d == NULL)
        return fail(EBADF);
    switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return add(3, *d);
    case F_GETFD:
    case F_SETFD:
    case F_SETFL:
        return 0;
    case F_GETFL:
        return d->kind == PIPE_READ || d->kind == RANDOM ? 0 : 2; /* O_RDONLY, O_RDWR */
    default:
        return fail(EINVAL);
    }
}

int fcntl64(int number, int command, ...) __attribute__((alias("fcntl")));

static int fill_stat(int number, struct stat *status)
{
    struct descriptor *d = find(number);
    if (d == NULL)
        return fail(EBADF);
    *status = (struct stat){
        .st_mode = (d->kind == CONSOLE || d->kind == RANDOM ? S_IFCHR : S_IFIFO) | 0600,
        .st_nlink = 1,
        .st_blksize = 4096,
    };
    return 0;
}

/* glibc before 2.33 versions its stat family by a first argument. */
int __fxstat64(int version, int number, struct stat *status)
{
    (void)version;
    return fill_stat(number, status);
}

int fstat64(int number, struct stat *status)
{
    return fill_stat(number, status);
}

int fstat(int number, struct stat *status)
{
    return fill_stat(number, status);
}

int isatty(int number)
{
    (void)number;
    return errno = ENOTTY, 0;
}

int ioctl(int number, unsigned long request, ...)
{
    (void)number, (void)request;
    return fail(ENOTTY);
}

int tcgetattr(int number, void *settings)
{
    (void)number, (void)settings;
    return fail(ENOTTY);
}

int tcsetattr(int number, int when, const void *settings)
{
    (void)number, (void)when, (void)settings;
    return fail(ENOTTY);
}

struct poll_entry {
    int descriptor;
    short events;
    short returned;
};

/* Everything that can be polled here is ready, but for an empty pipe. */
int poll(struct poll_entry *entries, unsigned long count, int timeout)
{
    uint64_t deadline = timeout < 0 ? NEVER : solo5_clock_monotonic() + (uint64_t)timeout * 1000000;
    for (;;) {
        int ready = 0;
        struct wait_queue *queue = NULL;
        for (unsigned long i = 0; i < count; i++) {
            struct descriptor *d = find(entries[i].descriptor);
            entries[i].returned = d == NULL ? 0x20 /* POLLNVAL */ : entries[i].events;
            if (d != NULL && d->kind == PIPE_READ && d->pipe->used == 0 && d->pipe->write_ends > 0) {
                entries[i].returned = 0;
                queue = &d->pipe->readers;
            }
            ready += entries[i].returned != 0;
        }
        if (ready > 0 || timeout == 0 || !thread_wait(queue, deadline))
            return ready;
    }
}
