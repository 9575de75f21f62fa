/*
 * mmap and its relations over guest memory. The garbage collector reserves
 * with PROT_NONE, commits with mprotect, and gives back with a fixed mapping,
 * after which it counts on zeroes: stale pages are cleared when they are next
 * committed, not when they are given back.
 */
#include "native.h"

/*
 * .NET's heap of frozen objects reserves 4 MiB and commits the first 64 KiB, on
 * most programs' behalf no more. It gets the end of memory: its range reaches
 * past what there is, where nobody else is, and committing that part fails as
 * it does on a machine without memory.
 */
#define SHORT_CLAIM (4ul << 20)
#define SHORT_ACTUAL (256ul << 10)

static void *reserve(size_t size, int protection)
{
    static bool taken;
    if (size == SHORT_CLAIM && protection == PROT_NONE && !taken) {
        void *start = pages_reserve_end(SHORT_ACTUAL);
        taken = start != NULL;
        if (taken)
            return start;
    }
    return pages_reserve(size, PAGE_SIZE);
}

static int fail(int error)
{
    errno = error;
    return -1;
}

void *mmap64(void *address, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    (void)offset;
    /* Nothing that is written may ever be executed, and there are no files. */
    if (protection & PROT_EXEC) {
        fail(EPERM);
        return MAP_FAILED;
    }
    if (!(flags & MAP_ANONYMOUS) || descriptor >= 0 || size == 0) {
        fail(size == 0 ? EINVAL : ENODEV);
        return MAP_FAILED;
    }
    void *start = address;
    if (flags & MAP_FIXED) {
        if (!pages_contain(address, size)) {
            fail(ENOMEM);
            return MAP_FAILED;
        }
        pages_discard(address, size);
    } else {
        start = reserve(size, protection);
        if (start == NULL) {
            fail(ENOMEM);
            return MAP_FAILED;
        }
    }
    if (protection != PROT_NONE)
        pages_clean(start, size);
    return start;
}

void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    return mmap64(address, size, protection, flags, descriptor, offset);
}

int munmap(void *address, size_t size)
{
    if (!pages_contain(address, size) || (uintptr_t)address % PAGE_SIZE != 0)
        return fail(EINVAL);
    pages_free(address, size);
    return 0;
}

int mprotect(void *address, size_t size, int protection)
{
    if (protection & PROT_EXEC)
        return fail(EACCES);
    /* The runtime also asks for its own read-only data, which is writable
     * here from the start (see the linker script): that lies below. */
    if (pages_below(address))
        return 0;
    if (!pages_contain(address, size))
        return fail(ENOMEM);
    if (protection != PROT_NONE)
        pages_clean(address, size);
    return 0;
}

int madvise(void *address, size_t size, int advice)
{
    if (advice == MADV_DONTNEED && pages_contain(address, size)) {
        pages_discard(address, size);
        pages_clean(address, size);
    }
    return 0;
}

int mlock(const void *address, size_t size)
{
    (void)address, (void)size; /* guest memory is never paged out by the guest */
    return 0;
}

int munlock(const void *address, size_t size)
{
    (void)address, (void)size;
    return 0;
}
