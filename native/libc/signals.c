/*
 * Signals are hardware faults here, nothing else: what the runtime installs
 * for SIGSEGV and its kin is called by fault_deliver; the rest is remembered.
 */
#include "signals.h"

static struct sigaction actions[SIGNAL_COUNT];

const struct sigaction *signal_action(int number)
{
    return &actions[number];
}

int sigaction(int number, const struct sigaction *action, struct sigaction *previous)
{
    if (number < 1 || number >= SIGNAL_COUNT) {
        errno = EINVAL;
        return -1;
    }
    if (previous != NULL)
        *previous = actions[number];
    if (action != NULL)
        actions[number] = *action;
    return 0;
}

void *signal(int number, void *handler)
{
    if (number < 1 || number >= SIGNAL_COUNT) {
        errno = EINVAL;
        return (void *)-1;
    }
    void *previous = actions[number].handler;
    actions[number] = (struct sigaction){.handler = handler};
    return previous;
}

int sigemptyset(sigset_t *set)
{
    *set = (sigset_t){0};
    return 0;
}

int sigfillset(sigset_t *set)
{
    memset(set, 0xff, sizeof *set);
    return 0;
}

int sigaddset(sigset_t *set, int number)
{
    if (number < 1 || number >= SIGNAL_COUNT) {
        errno = EINVAL;
        return -1;
    }
    set->words[(number - 1) / 64] |= 1ull << ((number - 1) % 64);
    return 0;
}

int sigdelset(sigset_t *set, int number)
{
    if (number < 1 || number >= SIGNAL_COUNT) {
        errno = EINVAL;
        return -1;
    }
    set->words[(number - 1) / 64] &= ~(1ull << ((number - 1) % 64));
    return 0;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *previous)
{
    (void)how, (void)set;
    if (previous != NULL)
        *previous = (sigset_t){0};
    return 0;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *previous)
{
    return pthread_sigmask(how, set, previous);
}

int sigaltstack(const void *stack, void *previous)
{
    (void)stack;
    if (previous != NULL)
        memset(previous, 0, 24);
    return 0;
}

int __libc_current_sigrtmin(void)
{
    return 34;
}

int __libc_current_sigrtmax(void)
{
    return 64;
}
