/* Threads and their locks by the names that the runtime calls them. */
#include "solo5.h"
#include "thread.h"

/* A condition variable's or a sleep's deadline, on the monotonic clock. */
static uint64_t deadline_of(int clock, const struct timespec *at)
{
    if (at->tv_sec < 0)
        return 0;
    if (at->tv_sec > 9000000000)
        return NEVER;
    uint64_t value = (uint64_t)at->tv_sec * 1000000000 + (uint64_t)at->tv_nsec;
    if (clock != CLOCK_REALTIME)
        return value;
    uint64_t wall = solo5_clock_wall();
    return value <= wall ? 0 : solo5_clock_monotonic() + (value - wall);
}

/* --- threads --- */

int pthread_attr_init(pthread_attr_t *attributes)
{
    *attributes = (pthread_attr_t){0};
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state)
{
    attributes->detached = state;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size)
{
    attributes->stack_size = size;
    return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attributes, size_t *size)
{
    *size = attributes->stack_size != 0 ? attributes->stack_size : stack_default_size();
    return 0;
}

int pthread_attr_getstack(const pthread_attr_t *attributes, void **stack, size_t *size)
{
    *stack = attributes->stack;
    *size = attributes->stack_size;
    return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *attributes, size_t *size)
{
    *size = attributes->guard_size;
    return 0;
}

int pthread_getattr_np(pthread_t id, pthread_attr_t *attributes)
{
    const struct thread *thread = (const struct thread *)id;
    *attributes = (pthread_attr_t){.detached = thread->detached};
    attributes->stack_size = thread_stack_usable(thread, &attributes->stack);
    return 0;
}

int pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*entry)(void *), void *argument)
{
    struct thread *thread = thread_block_allocate();
    if (thread == NULL)
        return EAGAIN;
    /* .NET asks for 1.5 MiB for each of its own threads, whatever memory there
     * is: the image's default bounds what was not asked for by the program. */
    size_t size = attributes != NULL ? attributes->stack_size : 0;
    if (size == 0 || size == 1536 << 10)
        size = stack_default_size();
    if (!stack_allocate(thread, size)) {
        thread_block_free(thread);
        return EAGAIN;
    }
    thread->entry = entry;
    thread->argument = argument;
    thread->detached = attributes != NULL && attributes->detached;
    memcpy(thread->name, "unnamed", 8);
    thread->stack_pointer = thread_frame(thread->stack + thread->stack_size);
    *id = (pthread_t)thread;
    scheduler_add(thread);
    return 0;
}

int pthread_join(pthread_t id, void **result)
{
    struct thread *thread = (struct thread *)id;
    if (thread == current())
        return EDEADLK;
    while (thread->state != THREAD_ENDED)
        (void)thread_wait(&thread->joiners, NEVER);
    if (result != NULL)
        *result = thread->result;
    if (thread->stack == NULL)
        thread_block_free(thread);
    else
        thread->detached = true; /* its stack is still to be reclaimed */
    return 0;
}

int pthread_detach(pthread_t id)
{
    struct thread *thread = (struct thread *)id;
    if (thread->state == THREAD_ENDED && thread->stack == NULL)
        thread_block_free(thread);
    else
        thread->detached = true;
    return 0;
}

_Noreturn void pthread_exit(void *result)
{
    struct thread *self = current();
    self->result = result;
    thread_destructors_run(self);
    scheduler_end(self);
}

pthread_t pthread_self(void)
{
    return (pthread_t)current();
}

int pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

int pthread_setname_np(pthread_t id, const char *name)
{
    struct thread *thread = (struct thread *)id;
    size_t length = strlen(name);
    if (length >= sizeof thread->name)
        return ERANGE;
    memcpy(thread->name, name, length + 1);
    return 0;
}

/* There is nobody to interrupt: all others stand in a native call. */
int pthread_kill(pthread_t id, int signal)
{
    (void)id, (void)signal;
    return 0;
}

int pthread_once(pthread_once_t *once, void (*routine)(void))
{
    if (*once == 0) {
        *once = 1;
        routine();
    }
    return 0;
}

int sched_yield(void)
{
    thread_yield();
    return 0;
}

int sched_getcpu(void)
{
    return 0;
}

/* --- mutexes --- */

int pthread_mutexattr_init(pthread_mutexattr_t *attributes)
{
    attributes->value = 0;
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int kind)
{
    attributes->value = kind;
    return 0;
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    *mutex = (pthread_mutex_t){.kind = attributes != NULL ? attributes->value : 0};
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return mutex->owner != NULL ? EBUSY : 0;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    struct thread *self = current();
    if (mutex->owner == self && mutex->kind == PTHREAD_MUTEX_RECURSIVE) {
        mutex->depth++;
        return 0;
    }
    if (mutex->owner != NULL)
        return EBUSY;
    mutex->owner = self;
    mutex->depth = 1;
    return 0;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    while (pthread_mutex_trylock(mutex) != 0) {
        if (mutex->owner == current())
            return EDEADLK;
        (void)thread_wait((struct wait_queue *)&mutex->waiting_first, NEVER);
    }
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (mutex->owner != current())
        return EPERM;
    if (--mutex->depth == 0) {
        mutex->owner = NULL;
        thread_wake_one((struct wait_queue *)&mutex->waiting_first);
    }
    return 0;
}

/* --- condition variables --- */

int pthread_condattr_init(pthread_condattr_t *attributes)
{
    attributes->value = CLOCK_REALTIME;
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attributes, int clock)
{
    attributes->value = clock;
    return 0;
}

int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
    *condition = (pthread_cond_t){.clock = attributes != NULL ? attributes->value : CLOCK_REALTIME};
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *condition)
{
    (void)condition;
    return 0;
}

static int cond_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t deadline)
{
    uint32_t depth = mutex->depth;
    mutex->depth = 1;
    int error = pthread_mutex_unlock(mutex);
    if (error != 0)
        return error;
    bool woken = thread_wait((struct wait_queue *)&condition->waiting_first, deadline);
    (void)pthread_mutex_lock(mutex);
    mutex->depth = depth;
    return woken ? 0 : ETIMEDOUT;
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    return cond_wait_until(condition, mutex, NEVER);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *at)
{
    return cond_wait_until(condition, mutex, deadline_of(condition->clock, at));
}

int pthread_cond_signal(pthread_cond_t *condition)
{
    thread_wake_one((struct wait_queue *)&condition->waiting_first);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
    thread_wake_all((struct wait_queue *)&condition->waiting_first);
    return 0;
}

/* --- reader/writer locks: writers wait for all, readers only for writers --- */

int pthread_rwlock_init(pthread_rwlock_t *lock, const void *attributes)
{
    (void)attributes;
    *lock = (pthread_rwlock_t){0};
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    return lock->writer != NULL || lock->readers != 0 ? EBUSY : 0;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    while (lock->writer != NULL)
        (void)thread_wait((struct wait_queue *)&lock->waiting_first, NEVER);
    lock->readers++;
    return 0;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    while (lock->writer != NULL || lock->readers != 0)
        (void)thread_wait((struct wait_queue *)&lock->waiting_first, NEVER);
    lock->writer = current();
    return 0;
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    if (lock->writer == current())
        lock->writer = NULL;
    else if (lock->readers > 0)
        lock->readers--;
    else
        return EPERM;
    if (lock->readers == 0)
        thread_wake_all((struct wait_queue *)&lock->waiting_first);
    return 0;
}

/* --- sleeping --- */

int clock_nanosleep(int clock, int flags, const struct timespec *request, struct timespec *remaining)
{
    (void)remaining; /* nothing interrupts a sleep */
    if (request->tv_nsec < 0 || request->tv_nsec >= 1000000000)
        return EINVAL;
    uint64_t deadline = deadline_of(flags & TIMER_ABSTIME ? clock : CLOCK_MONOTONIC, request);
    if (!(flags & TIMER_ABSTIME) && deadline != NEVER)
        deadline += solo5_clock_monotonic();
    (void)thread_wait(NULL, deadline);
    return 0;
}

int nanosleep(const struct timespec *request, struct timespec *remaining)
{
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, request, remaining);
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}

int usleep(unsigned microseconds)
{
    (void)thread_wait(NULL, solo5_clock_monotonic() + (uint64_t)microseconds * 1000);
    return 0;
}
