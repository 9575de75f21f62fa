/*
 * Calls on files and directories: a unikernel has none. Each answers with the
 * error that .NET turns into the exception a C# program expects.
 */
#include "native.h"

#define NOT_THERE(type, name, ...)                                                                                     \
    type name(__VA_ARGS__)                                                                                             \
    {                                                                                                                  \
        errno = ENOENT;                                                                                                \
        return (type)-1;                                                                                               \
    }
#define NOT_AVAILABLE(name, ...)                                                                                       \
    int name(__VA_ARGS__)                                                                                              \
    {                                                                                                                  \
        errno = ENOSYS;                                                                                                \
        return -1;                                                                                                     \
    }

#pragma clang diagnostic ignored "-Wunused-parameter"

NOT_THERE(int, __xstat64, int version, const char *path, struct stat *status)
NOT_THERE(int, __lxstat64, int version, const char *path, struct stat *status)
NOT_THERE(int, stat64, const char *path, struct stat *status)
NOT_THERE(int, lstat64, const char *path, struct stat *status)
NOT_THERE(int, access, const char *path, int mode)
NOT_THERE(int, unlink, const char *path)
NOT_THERE(int, rmdir, const char *path)
NOT_THERE(int, mkdir, const char *path, mode_t mode)
NOT_THERE(int, chmod, const char *path, mode_t mode)
NOT_THERE(int, chdir, const char *path)
NOT_THERE(int, rename, const char *from, const char *to)
NOT_THERE(int, statfs64, const char *path, void *status)
NOT_THERE(ssize_t, readlink, const char *path, char *buffer, size_t size)

NOT_AVAILABLE(fstatfs64, int descriptor, void *status)
NOT_AVAILABLE(ftruncate64, int descriptor, off_t size)
NOT_AVAILABLE(fallocate64, int descriptor, int mode, off_t offset, off_t size)
NOT_AVAILABLE(fsync, int descriptor)
NOT_AVAILABLE(flock, int descriptor, int operation)
NOT_AVAILABLE(fchmod, int descriptor, mode_t mode)
NOT_AVAILABLE(socketpair, int domain, int type, int protocol, int ends[2])
NOT_AVAILABLE(socket, int domain, int type, int protocol)

/* The text of an IPv6 address may name an interface (fe80::1%eth0), which
 * System.Net.IPAddress looks up: here none has a name. */
unsigned if_nametoindex(const char *name)
{
    errno = ENODEV;
    return 0;
}

int gethostname(char *buffer, size_t size)
{
    static const char name[] = "unikernel";
    if (size < sizeof name) {
        errno = EINVAL;
        return -1;
    }
    memcpy(buffer, name, sizeof name);
    return 0;
}

int posix_fadvise64(int descriptor, off_t offset, off_t size, int advice)
{
    return 0;
}

void *opendir(const char *path)
{
    errno = ENOENT;
    return NULL;
}

void *readdir64(void *directory)
{
    return NULL;
}

int closedir(void *directory)
{
    return 0;
}

char *getcwd(char *buffer, size_t size)
{
    if (size < 2) {
        errno = ERANGE;
        return NULL;
    }
    memcpy(buffer, "/", 2);
    return buffer;
}

char *realpath(const char *path, char *resolved)
{
    errno = ENOENT;
    return NULL;
}
