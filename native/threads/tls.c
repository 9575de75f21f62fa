/*
 * Thread blocks: the image's initialised thread-local data, then the thread
 * block that the thread pointer points at (ELF TLS variant II). The linker
 * script gives the template's bounds.
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
static uintptr_t canary;

struct thread *thread_block_allocate(void)
{
    size_t align = (size_t)__tls_align < 64 ? 64 : (size_t)__tls_align;
    size_t below = ((size_t)__tls_size + align - 1) & -align;
    void *block = NULL;
    if (posix_memalign(&block, align, below + sizeof(struct thread)) != 0)
        return NULL;
    memset(block, 0, below + sizeof(struct thread));
    struct thread *thread = (struct thread *)((char *)block + below);
    size_t offset = ((size_t)__tls_size + (size_t)__tls_align - 1) & -(size_t)__tls_align;
    memcpy((char *)thread - offset, __tls_template_start, __tls_template_end - __tls_template_start);
    if (canary == 0) {
        entropy_fill(&canary, sizeof canary);
        canary &= ~0xfful; /* a zero byte stops string functions */
    }
    thread->self = thread->self_again = thread;
    thread->canary = canary;
    thread->block = block;
    return thread;
}

void thread_block_free(struct thread *thread)
{
    free(thread->block);
}

void thread_block_install(struct thread *thread)
{
    if (solo5_set_tls_base((uintptr_t)thread) != SOLO5_R_OK)
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
