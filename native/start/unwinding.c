/*
 * What the unwinder asks the dynamic loader: where code is, and where its
 * unwind tables are. The image describes itself, since its ELF headers are not
 * in memory.
 */
#include "native.h"

#define PT_LOAD         1
#define PT_GNU_EH_FRAME 0x6474e550

struct program_header {
    uint32_t type;
    uint32_t flags;
    uint64_t offset, address, physical, file_size, memory_size, alignment;
};
_Static_assert(sizeof(struct program_header) == 56, "Elf64_Phdr");

struct phdr_info {
    uint64_t base;
    const char *name;
    const struct program_header *headers;
    uint16_t count;
    uint64_t added;
    uint64_t removed;
    size_t tls_module;
    void *tls_data;
};
_Static_assert(sizeof(struct phdr_info) == 64, "dl_phdr_info");

extern const char __text_start[], __text_end[], __eh_frame_hdr_start[], __eh_frame_hdr_end[];

int dl_iterate_phdr(int (*callback)(struct phdr_info *, size_t, void *), void *data)
{
    const struct program_header headers[2] = {
        {
            .type = PT_LOAD,
            .flags = 5,
            .address = (uintptr_t)__text_start,
            .memory_size = (size_t)(__text_end - __text_start),
        },
        {
            .type = PT_GNU_EH_FRAME,
            .flags = 4,
            .address = (uintptr_t)__eh_frame_hdr_start,
            .memory_size = (size_t)(__eh_frame_hdr_end - __eh_frame_hdr_start),
        },
    };
    struct phdr_info info = {.name = "", .headers = headers, .count = 2, .added = 1};
    return callback(&info, sizeof info, data);
}

struct dl_info {
    const char *file_name;
    void *base;
    const char *symbol_name;
    void *symbol;
};

/* For any address of the image: its name and base; symbols are stripped. */
int dladdr(const void *address, struct dl_info *info)
{
    const char *at = address;
    if (at < __text_start)
        return 0;
    *info = (struct dl_info){.file_name = "unikernel", .base = (void *)__text_start};
    return 1;
}

void *dlopen(const char *name, int flags)
{
    (void)name, (void)flags;
    return NULL;
}

void *dlsym(void *library, const char *name)
{
    (void)library, (void)name;
    return NULL;
}

int dlclose(void *library)
{
    (void)library;
    return 0;
}

const char *dlerror(void)
{
    return "a unikernel loads no libraries: link the code statically (DirectPInvoke)";
}
