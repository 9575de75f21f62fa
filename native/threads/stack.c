/*
 * Thread stacks and what notices that one is full. Where the tender can
 * protect pages, a guard page lies at the bottom and touching it is a fault
 * that ends in a message. Elsewhere the bottom is filled with a pattern, which
 * every switch away from the thread checks.
 */
#include "thread.h"

#define GUARD PAGE_SIZE
#define PATTERN 0x6b6361747320656eull

size_t stack_default_size(void)
{
    /* A 64th of the memory, within bounds: --mem=32 gives 256 KiB, --mem=128
     * and more 1 MiB, .NET's usual order of magnitude. */
    size_t size = pages_total() * PAGE_SIZE / 128;
    if (size < 256 << 10)
        size = 256 << 10;
    if (size > 1 << 20)
        size = 1 << 20;
    return size & -PAGE_SIZE;
}

bool stack_allocate(struct thread *thread, size_t size)
{
    size = ((size + PAGE_SIZE - 1) & -PAGE_SIZE) + GUARD;
    thread->stack = pages_reserve(size, PAGE_SIZE);
    if (thread->stack == NULL)
        return false;
    thread->stack_size = size;
    if (!bindings_protect_guard(thread->stack, true)) {
        uint64_t *words = (uint64_t *)thread->stack;
        for (size_t i = 0; i < GUARD / sizeof *words; i++)
            words[i] = PATTERN;
    }
    return true;
}

void stack_free(struct thread *thread)
{
    (void)bindings_protect_guard(thread->stack, false);
    pages_free(thread->stack, thread->stack_size);
}

static _Noreturn void overflowed(const struct thread *thread)
{
    fatal("stack overflow in thread %s: its stack of %zu KiB is full", thread->name,
          (thread->stack_size - GUARD) / 1024);
}

void stack_check(const struct thread *thread)
{
    if (bindings_faults_delivered() || thread->stack == NULL)
        return;
    const uint64_t *words = (const uint64_t *)thread->stack;
    /* The last words go first when a stack grows down. */
    if (words[GUARD / 8 - 1] != PATTERN || words[GUARD / 16] != PATTERN || words[0] != PATTERN)
        overflowed(thread);
}

bool thread_stack_overflowed(const void *address)
{
    const struct thread *thread = current();
    const char *at = address;
    return thread != NULL && thread->stack != NULL && at >= thread->stack && at < thread->stack + GUARD;
}


size_t thread_stack_usable(const struct thread *thread, void **lowest)
{
    *lowest = thread->stack + GUARD;
    return thread->stack_size - GUARD;
}
