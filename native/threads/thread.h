/* What the files of threads/ share. */
#ifndef MORGANA_THREAD_H
#define MORGANA_THREAD_H

#include "native.h"

#define KEY_COUNT 64

enum thread_state {
    THREAD_RUNNABLE,
    THREAD_WAITING,
    THREAD_ENDED,
};

/*
 * The thread block. On x86-64 the first words have the places that compiled
 * code knows: the pointer to itself and the stack protector's canary.
 */
struct thread {
    struct thread *self;
    void *reserved0;
    struct thread *self_again;
    uint64_t reserved1[2];
    uintptr_t canary; /* %fs:0x28 */
    uint64_t reserved2[2];

    void *stack_pointer; /* while it does not run */
    enum thread_state state;
    bool timed_out;
    bool detached;
    struct wait_queue *queue; /* that it waits on */
    struct thread *next;      /* in that queue, or among the runnable */
    struct thread *previous;
    uint64_t deadline;
    struct thread *sleeping_next; /* among those with a deadline */
    struct thread *sleeping_previous;

    char *stack; /* lowest address, where the guard begins */
    size_t stack_size;
    void *block; /* what the thread block was allocated as */
    void *(*entry)(void *);
    void *argument;
    void *result;
    struct wait_queue joiners;
    int error; /* errno */
    char name[16];
    const void *key_values[KEY_COUNT];
    struct destructor *destructors;
};
_Static_assert(offsetof(struct thread, canary) == 0x28, "the stack protector's canary");

/* The thread pointer points at the thread block where thread-local variables
 * lie below it (x86-64), and above the block where they lie above (arm64). */
#if defined(__x86_64__)
#define THREAD_POINTER_OFFSET 0
#elif defined(__aarch64__)
#define THREAD_POINTER_OFFSET sizeof(struct thread)
#endif

static inline struct thread *current(void)
{
    return (struct thread *)((char *)arch_thread_pointer() - THREAD_POINTER_OFFSET);
}

/* switch_*.S: saves the callee-saved registers and the stack pointer here,
 * continues there. */
void thread_switch(void **save_stack_pointer, void *stack_pointer);

/* switch_*.S: where a new thread begins; calls thread_main. */
void thread_begin(void);
void thread_main(void);

/* switch_*.S: builds the first frame of a new stack. */
void *thread_frame(void *stack_top);

/* stack.c */
bool stack_allocate(struct thread *thread, size_t size);
void stack_free(struct thread *thread);
void stack_check(const struct thread *thread);
size_t stack_default_size(void);

/* Bytes above the guard, and where they begin. */
size_t thread_stack_usable(const struct thread *thread, void **lowest);

/* tls.c */
struct thread *thread_block_allocate(void);
void thread_block_free(struct thread *thread);
void thread_block_install(struct thread *thread);
void thread_destructors_run(struct thread *thread);

/* scheduler.c */
void scheduler_init(struct thread *first);
void scheduler_add(struct thread *thread);
_Noreturn void scheduler_end(struct thread *thread);

#endif
