/*
 * malloc for the runtime's own needs: the managed heap does not come from
 * here. Blocks up to 2 KiB live in 16 KiB slabs of one size class each; larger
 * ones are whole pages, the first of which is marked. Both begin with a header,
 * which free() finds by rounding the address down.
 */
#include "native.h"

#define SLAB_SIZE   16384ul
#define SLAB_MAGIC  0x6d6f7267616e6173ull
#define LARGE_MAGIC 0x6d6f7267616e616cull
#define CLASS_COUNT 15

static const uint16_t class_size[CLASS_COUNT] = {
    16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1280, 1536, 2048,
};

/* 64 bytes, so that blocks keep their alignment. */
struct slab {
    uint64_t magic;
    struct slab *next;
    struct slab *previous;
    void *free_list;
    uint32_t used;
    uint32_t untouched; /* offset of the first block never given out */
    uint32_t size;      /* of a block */
    uint32_t class;
    uint64_t large_size; /* of a large block's pages, in bytes */
    uint64_t reserved;
};
_Static_assert(sizeof(struct slab) == 64, "slab header");

static struct slab *partial[CLASS_COUNT]; /* slabs with a free block */

static void link_slab(struct slab *slab)
{
    slab->previous = NULL;
    slab->next = partial[slab->class];
    if (slab->next != NULL)
        slab->next->previous = slab;
    partial[slab->class] = slab;
}

static void unlink_slab(struct slab *slab)
{
    if (slab->previous != NULL)
        slab->previous->next = slab->next;
    else
        partial[slab->class] = slab->next;
    if (slab->next != NULL)
        slab->next->previous = slab->previous;
}

static bool full(const struct slab *slab)
{
    return slab->free_list == NULL && slab->untouched + slab->size > SLAB_SIZE;
}

static unsigned class_of(size_t size)
{
    unsigned class = 0;
    while (class_size[class] < size)
        class++;
    return class;
}

static void *allocate_large(size_t size, size_t alignment)
{
    /* The header and the block's first byte are in one page. */
    size_t offset = alignment > sizeof(struct slab) ? alignment : sizeof(struct slab);
    if (size > SIZE_MAX / 2 || offset > PAGE_SIZE / 2) {
        errno = ENOMEM;
        return NULL;
    }
    size_t bytes = (offset + size + PAGE_SIZE - 1) & -PAGE_SIZE;
    struct slab *head = pages_allocate(bytes, PAGE_SIZE);
    if (head == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    head->magic = LARGE_MAGIC;
    head->large_size = bytes;
    head->untouched = (uint32_t)offset;
    pages_set_head(head, true);
    return (char *)head + offset;
}

void *malloc(size_t size)
{
    if (size > class_size[CLASS_COUNT - 1])
        return allocate_large(size, 16);
    unsigned class = class_of(size);
    struct slab *slab = partial[class];
    if (slab == NULL) {
        slab = pages_reserve(SLAB_SIZE, SLAB_SIZE);
        if (slab == NULL) {
            errno = ENOMEM;
            return NULL;
        }
        *slab = (struct slab){.magic = SLAB_MAGIC, .size = class_size[class], .class = class, .untouched = 64};
        link_slab(slab);
    }
    void *block = slab->free_list;
    if (block != NULL) {
        slab->free_list = *(void **)block;
    } else {
        block = (char *)slab + slab->untouched;
        slab->untouched += slab->size;
    }
    slab->used++;
    if (full(slab))
        unlink_slab(slab);
    return block;
}

static struct slab *owner(void *block)
{
    struct slab *slab = (struct slab *)((uintptr_t)block & -PAGE_SIZE);
    if (pages_contain(slab, sizeof *slab) && !pages_is_head(slab))
        slab = (struct slab *)((uintptr_t)block & -SLAB_SIZE);
    if (!pages_contain(slab, sizeof *slab) || (slab->magic != SLAB_MAGIC && slab->magic != LARGE_MAGIC))
        fatal("free() of %p, which malloc() did not give", block);
    return slab;
}

void free(void *block)
{
    if (block == NULL)
        return;
    struct slab *slab = owner(block);
    if (slab->magic == LARGE_MAGIC) {
        slab->magic = 0;
        pages_set_head(slab, false);
        pages_free(slab, slab->large_size);
        return;
    }
    bool was_full = full(slab);
    *(void **)block = slab->free_list;
    slab->free_list = block;
    slab->used--;
    if (was_full)
        link_slab(slab);
    /* An empty slab goes back, but for one per class, against thrashing. */
    if (slab->used == 0 && (slab->next != NULL || slab->previous != NULL)) {
        unlink_slab(slab);
        slab->magic = 0;
        pages_free(slab, SLAB_SIZE);
    }
}

static size_t usable(void *block)
{
    struct slab *slab = owner(block);
    return slab->magic == LARGE_MAGIC ? slab->large_size - slab->untouched : slab->size;
}

size_t malloc_usable_size(void *block)
{
    return block == NULL ? 0 : usable(block);
}

void *calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = malloc(total);
    if (block != NULL && total <= class_size[CLASS_COUNT - 1])
        memset(block, 0, total); /* large blocks are fresh pages */
    return block;
}

void *realloc(void *block, size_t size)
{
    if (block == NULL)
        return malloc(size);
    size_t have = usable(block);
    if (size <= have && size >= have / 2)
        return block;
    void *moved = malloc(size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, size < have ? size : have);
    free(block);
    return moved;
}

int posix_memalign(void **result, size_t alignment, size_t size)
{
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    void *block = alignment <= 16 ? malloc(size) : allocate_large(size, alignment);
    if (block == NULL)
        return ENOMEM;
    *result = block;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = NULL;
    int error = posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size);
    if (error != 0)
        errno = error;
    return block;
}
