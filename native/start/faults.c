/*
 * A hardware fault, wherever the machine delivers it: a full stack ends the
 * image with a message; what the runtime has a handler for becomes a C#
 * exception; all else ends with a report.
 */
#include "../libc/signals.h"
#include "solo5.h"

static const char *name_of(int signal)
{
    switch (signal) {
    case SIGSEGV:
    case SIGBUS:
        return "invalid memory access";
    case SIGFPE:
        return "arithmetic fault";
    case SIGILL:
        return "invalid instruction";
    case SIGTRAP:
        return "breakpoint";
    default:
        return "fault";
    }
}

void fault_deliver(int signal, siginfo_t *info, void *context)
{
    if ((signal == SIGSEGV || signal == SIGBUS) && thread_stack_overflowed(info->address))
        report_fault(context, "stack overflow in thread %s", thread_name());
    const struct sigaction *action = signal_action(signal);
    if (action->handler == SIG_DFL || action->handler == SIG_IGN)
        report_fault(context, "%s: address %p, instruction %p, thread %s", name_of(signal), info->address,
                     arch_context_instruction(context), thread_name());
    ((void (*)(int, siginfo_t *, void *))action->handler)(signal, info, context);
}
