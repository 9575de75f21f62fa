/* Console, clocks, sleep, exit. */
#include "../../machine/machine.h"

#include "hvt.h"
#include "ring.h"
#include "solo5.h"

void solo5_console_write(const char *text, size_t size)
{
    if (size == 0)
        return;
    volatile struct hvt_puts call = {.text = text, .size = size};
    hvt_call(HVT_PUTS, &call);
}

solo5_time_t solo5_clock_monotonic(void)
{
    return machine_clock();
}

/*
 * The tender is asked once a second, so that the clock follows the host's when that is set; between, the cycle counter
 * tells how much time has passed. A hypercall for each reading would stop the processor each time.
 */
solo5_time_t solo5_clock_wall(void)
{
    static uint64_t asked_at, difference;
    uint64_t now = machine_clock();
    if (difference == 0 || now - asked_at >= 1000000000) {
        volatile struct hvt_walltime call = {0};
        hvt_call(HVT_WALLTIME, &call);
        /* The tender read its clock between these two moments. */
        uint64_t after = machine_clock();
        difference = call.nanoseconds - (now + (after - now) / 2);
        asked_at = now = after;
    }
    return now + difference;
}

void solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready_set)
{
    uint64_t now = machine_clock();
    volatile struct hvt_poll call = {.timeout = deadline > now ? deadline - now : 0};
    hvt_call(HVT_POLL, &call);
    if (ready_set != NULL)
        *ready_set = call.ready;
}

solo5_result_t solo5_set_tls_base(uintptr_t base)
{
    machine_set_thread_pointer(base);
    return SOLO5_R_OK;
}

static _Noreturn void halt(int status, const void *cookie)
{
    ring_finish();
    volatile struct hvt_halt call = {.cookie = cookie, .status = status};
    for (;;)
        hvt_call(HVT_HALT, &call);
}

_Noreturn void solo5_exit(int status)
{
    halt(status, NULL);
}

_Noreturn void solo5_abort(void)
{
    halt(SOLO5_EXIT_ABORT, machine_trap());
}
