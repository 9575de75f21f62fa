/*
 * Thread blocks, with the image's thread-local data. On x86-64 the data, then
 * the thread block that the thread pointer points at (ELF TLS variant II). On
 * arm64 the thread block, then two reserved words that the thread pointer points
 * at, then the data (variant I). The linker script gives the template's bounds.
 */
#include "solo5.h"
#include "thread.h"

extern const char __tls_template_start[], __tls_template_end[], __tls_size[], __tls_align[];

struct destructor {
    void (*function)(void *);
    void *object;
    struct destructor *next;
};

static void (*key_destructor[KEY_COUNT])(void *);
static bool key_used[KEY_COUNT];

#if defined(__aarch64__)
/* Compiled code compares with this variable, not with the thread's word. */
uintptr_t __stack_chk_guard;
#define canary_value __stack_chk_guard
#else
static uintptr_t canary_value;
#endif

#define THREAD_ALIGNMENT 64ul

static size_t round_up(size_t size, size_t alignment)
{
    return (size + alignment - 1) & -alignment;
}

struct thread *thread_block_allocate(void)
{
    size_t tls_align = (size_t)__tls_align, tls_size = (size_t)__tls_size;
    size_t align = tls_align < THREAD_ALIGNMENT ? THREAD_ALIGNMENT : tls_align;
#if defined(__x86_64__)
    size_t thread_at = round_up(tls_size, align);
    size_t tls_at = thread_at - round_up(tls_size, tls_align);
    size_t size = thread_at + sizeof(struct thread);
#elif defined(__aarch64__)
    size_t pointer_at = round_up(sizeof(struct thread), align);
    size_t thread_at = pointer_at - sizeof(struct thread);
    /* As the linker counts: behind the two words, as far into its alignment as the template is. */
    size_t words = 2 * sizeof(void *);
    size_t tls_at = pointer_at + words + (((uintptr_t)__tls_template_start - words) & (tls_align - 1));
    size_t size = tls_at + tls_size + tls_align;
#endif
    void *block = NULL;
    if (posix_memalign(&block, align, size) != 0)
        return NULL;
    memset(block, 0, size);
    struct thread *thread = (struct thread *)((char *)block + thread_at);
    memcpy((char *)block + tls_at, __tls_template_start, __tls_template_end - __tls_template_start);
    if (canary_value == 0) {
        entropy_fill(&canary_value, sizeof canary_value);
        canary_value &= ~0xfful; /* a zero byte stops string functions */
    }
    thread->self = thread->self_again = thread;
    thread->canary = canary_value;
    thread->block = block;
    return thread;
}

void thread_block_free(struct thread *thread)
{
    free(thread->block);
}

void thread_block_install(struct thread *thread)
{
    if (solo5_set_tls_base((uintptr_t)thread + THREAD_POINTER_OFFSET) != SOLO5_R_OK)
        fatal("the tender refused to set the thread pointer");
}

_Noreturn void __stack_chk_fail(void)
{
    fatal("stack smashing detected in thread %s", thread_name());
}

/* A stack of objects that C++ code destroys when their thread ends. */
int __cxa_thread_atexit_impl(void (*function)(void *), void *object, void *library)
{
    (void)library;
    struct destructor *node = malloc(sizeof *node);
    if (node == NULL)
        return -1;
    *node = (struct destructor){function, object, current()->destructors};
    current()->destructors = node;
    return 0;
}

int __cxa_thread_atexit(void (*function)(void *), void *object, void *library)
{
    return __cxa_thread_atexit_impl(function, object, library);
}

void thread_destructors_run(struct thread *thread)
{
    while (thread->destructors != NULL) {
        struct destructor *node = thread->destructors;
        thread->destructors = node->next;
        node->function(node->object);
        free(node);
    }
    /* A destructor may set values again: POSIX asks for a few rounds. */
    for (int round = 0; round < 4; round++) {
        bool again = false;
        for (unsigned key = 0; key < KEY_COUNT; key++) {
            const void *value = thread->key_values[key];
            if (value == NULL || key_destructor[key] == NULL)
                continue;
            thread->key_values[key] = NULL;
            key_destructor[key]((void *)value);
            again = true;
        }
        if (!again)
            break;
    }
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    for (unsigned i = 0; i < KEY_COUNT; i++) {
        if (!key_used[i]) {
            key_used[i] = true;
            key_destructor[i] = destructor;
            *key = i;
            return 0;
        }
    }
    return EAGAIN;
}

int pthread_key_delete(pthread_key_t key)
{
    if (key >= KEY_COUNT || !key_used[key])
        return EINVAL;
    key_used[key] = false;
    key_destructor[key] = NULL;
    return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
    if (key >= KEY_COUNT || !key_used[key])
        return EINVAL;
    current()->key_values[key] = value;
    return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
    return key < KEY_COUNT ? (void *)current()->key_values[key] : NULL;
}
