/*
 * Cooperative threads on the one CPU: a switch happens only where a thread
 * waits, yields or ends, so every other thread stands inside a native call,
 * where the garbage collector need not stop it. When all threads wait, the
 * image sleeps in solo5_yield until the next deadline or packet.
 */
#include "solo5.h"
#include "thread.h"

/* A thread that keeps others runnable must not starve the devices. */
#define POLL_INTERVAL 1000000ull /* ns */

#define LAST_STACK_SIZE (256ul << 10)

static struct wait_queue runnable;
static struct thread *sleeping; /* those with a deadline, soonest first */
static struct thread *ended;    /* its stack is freed by the next to run */
static struct thread boot;      /* stands for the boot stack */
static bool last_thread;        /* threads_end_with has been called */

static struct wait_queue device_waiters;
static solo5_handle_set_t device_events;
static bool device_posted;
static uint64_t last_poll;

static void append(struct wait_queue *queue, struct thread *thread)
{
    thread->next = NULL;
    thread->previous = queue->last;
    if (queue->last != NULL)
        queue->last->next = thread;
    else
        queue->first = thread;
    queue->last = thread;
}

static void detach(struct wait_queue *queue, struct thread *thread)
{
    if (thread->previous != NULL)
        thread->previous->next = thread->next;
    else
        queue->first = thread->next;
    if (thread->next != NULL)
        thread->next->previous = thread->previous;
    else
        queue->last = thread->previous;
    thread->next = thread->previous = NULL;
}

static void sleep_insert(struct thread *thread)
{
    struct thread *before = NULL, *after = sleeping;
    while (after != NULL && after->deadline <= thread->deadline) {
        before = after;
        after = after->sleeping_next;
    }
    thread->sleeping_previous = before;
    thread->sleeping_next = after;
    if (before != NULL)
        before->sleeping_next = thread;
    else
        sleeping = thread;
    if (after != NULL)
        after->sleeping_previous = thread;
}

static void sleep_remove(struct thread *thread)
{
    if (thread->deadline == NEVER)
        return;
    if (thread->sleeping_previous != NULL)
        thread->sleeping_previous->sleeping_next = thread->sleeping_next;
    else
        sleeping = thread->sleeping_next;
    if (thread->sleeping_next != NULL)
        thread->sleeping_next->sleeping_previous = thread->sleeping_previous;
    thread->deadline = NEVER;
}

static void wake(struct thread *thread, bool timed_out)
{
    if (thread->queue != NULL)
        detach(thread->queue, thread);
    thread->queue = NULL;
    sleep_remove(thread);
    thread->timed_out = timed_out;
    thread->state = THREAD_RUNNABLE;
    append(&runnable, thread);
}

static void wake_expired(uint64_t now)
{
    while (sleeping != NULL && sleeping->deadline <= now)
        wake(sleeping, true);
}

/* Asks the machine for events; sleeps until `deadline` if nothing is ready. */
static void look_at_devices(uint64_t deadline)
{
    solo5_handle_set_t ready = 0;
    solo5_yield(deadline, &ready);
    device_events |= ready;
    if (device_events != 0)
        thread_wake_all(&device_waiters);
    last_poll = solo5_clock_monotonic();
    wake_expired(last_poll);
}

static void reclaim_ended(void)
{
    if (ended == NULL)
        return;
    struct thread *thread = ended;
    ended = NULL;
    stack_free(thread);
    thread->stack = NULL;
    if (thread->detached)
        thread_block_free(thread);
}

static void run_next(struct thread *from)
{
    if (last_thread)
        solo5_abort();
    if (sleeping != NULL || device_waiters.first != NULL) {
        uint64_t now = runnable.first != NULL ? solo5_clock_monotonic() : 0;
        if (runnable.first != NULL && now - last_poll > POLL_INTERVAL)
            look_at_devices(0);
        else if (runnable.first != NULL)
            wake_expired(now);
    }
    while (runnable.first == NULL)
        look_at_devices(sleeping != NULL ? sleeping->deadline : NEVER);
    struct thread *next = runnable.first;
    detach(&runnable, next);
    if (next == from)
        return;
    stack_check(from);
    thread_block_install(next);
    thread_switch(&from->stack_pointer, next->stack_pointer);
    reclaim_ended();
}

bool thread_wait(struct wait_queue *queue, uint64_t deadline)
{
    struct thread *self = current();
    self->state = THREAD_WAITING;
    self->queue = queue;
    self->timed_out = false;
    self->deadline = deadline;
    if (queue != NULL)
        append(queue, self);
    if (deadline != NEVER)
        sleep_insert(self);
    run_next(self);
    return !self->timed_out;
}

void thread_wake_one(struct wait_queue *queue)
{
    if (queue->first != NULL)
        wake(queue->first, false);
}

void thread_wake_all(struct wait_queue *queue)
{
    while (queue->first != NULL)
        wake(queue->first, false);
}

void thread_yield(void)
{
    struct thread *self = current();
    append(&runnable, self);
    run_next(self);
}

void scheduler_add(struct thread *thread)
{
    thread->state = THREAD_RUNNABLE;
    thread->deadline = NEVER;
    append(&runnable, thread);
}

_Noreturn void scheduler_end(struct thread *thread)
{
    thread->state = THREAD_ENDED;
    thread_wake_all(&thread->joiners);
    ended = thread;
    run_next(thread);
    __builtin_trap();
}

_Noreturn void threads_start(void (*entry)(void *), void *argument, size_t stack_size)
{
    struct thread *first = thread_block_allocate();
    if (first == NULL || !stack_allocate(first, stack_size))
        fatal("not enough memory for the first thread's stack of %zu KiB; give the tender a larger --mem",
              stack_size / 1024);
    first->entry = (void *(*)(void *))(void *)entry;
    first->argument = argument;
    first->deadline = NEVER;
    memcpy(first->name, "main", 5);
    first->stack_pointer = thread_frame(first->stack + first->stack_size);
    thread_block_install(first);
    thread_switch(&boot.stack_pointer, first->stack_pointer);
    __builtin_unreachable();
}

/* On a new stack, since that of the running thread may be full. Nobody else runs any more. */
_Noreturn void threads_end_with(void (*entry)(void *))
{
    last_thread = true;
    threads_start(entry, NULL, LAST_STACK_SIZE);
}

void thread_main(void)
{
    struct thread *self = current();
    reclaim_ended();
    self->result = self->entry(self->argument);
    thread_destructors_run(self);
    scheduler_end(self);
}

const char *thread_name(void)
{
    return current() == NULL ? "boot" : current()->name;
}

/*
 * For the managed main loop: sleeps until a device can be read, somebody calls
 * morgana_post, or the deadline has come. Returns the readable devices.
 */
uint64_t morgana_wait(uint64_t deadline)
{
    if (device_events == 0 && !device_posted) {
        if (deadline == 0) {
            look_at_devices(0);
            /* A loop that always has something to do must not keep the CPU for itself. */
            if (runnable.first != NULL)
                thread_yield();
        } else
            (void)thread_wait(&device_waiters, deadline);
    }
    uint64_t events = device_events;
    device_events = 0;
    device_posted = false;
    return events;
}

void morgana_post(void)
{
    device_posted = true;
    thread_wake_all(&device_waiters);
}
