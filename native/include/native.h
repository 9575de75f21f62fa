/*
 * What the parts of the native layer offer each other. What .NET's archives
 * call keeps its C library name and is declared where it is defined.
 */
#ifndef MORGANA_NATIVE_H
#define MORGANA_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux_abi.h"

#if defined(__x86_64__)
#include "../arch/x86_64.h"
#elif defined(__aarch64__)
#include "../arch/aarch64.h"
#endif

/* --- libc/: pure functions (from the toolchain's string and maths archive) --- */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
int *__errno_location(void);
#define errno (*__errno_location())

/* --- libc/console.c --- */

/* Formats one line with the prefix "morgana: " on the console. */
void console_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says why, then ends the image with SOLO5_EXIT_ABORT. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- libc/environment.c --- */

/* Chooses the runtime's settings from the memory that the tender gave. */
void environment_init(size_t heap_size);

/* --- memory/pages.c: whole pages of guest memory --- */

void pages_init(uintptr_t start, size_t size);

/* Zeroed pages, or NULL. `alignment` is a power of two, in bytes. */
void *pages_allocate(size_t size, size_t alignment);

/* Pages whose content does not matter until pages_clean(), or NULL. */
void *pages_reserve(size_t size, size_t alignment);

/* The last pages of memory, if they are free. */
void *pages_reserve_end(size_t size);

/* Gives back any part of what was allocated. */
void pages_free(void *start, size_t size);

/* Forgets the content: the next pages_clean() makes these pages zero. */
void pages_discard(void *start, size_t size);
void pages_clean(void *start, size_t size);

/* True when the range lies in the managed memory. */
bool pages_contain(const void *start, size_t size);
bool pages_below(const void *start); /* in the image */

/* Marks where malloc's large blocks begin. */
void pages_set_head(void *start, bool value);
bool pages_is_head(const void *start);

size_t pages_total(void);
size_t pages_free_count(void);

/* --- memory/heap.c --- */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
int posix_memalign(void **result, size_t alignment, size_t size);

/* --- threads/ --- */

struct thread;

struct wait_queue {
    struct thread *first;
    struct thread *last;
};

#define NEVER UINT64_MAX

/* Makes the code that is running on the boot stack the first thread, and runs
 * `entry` on a stack of its own with a guard. Does not return. */
_Noreturn void threads_start(void (*entry)(void *), void *argument, size_t stack_size);

/* Puts the running thread to sleep on a queue (or on none) until it is woken
 * or the monotonic clock reaches `deadline`. False when it timed out. */
bool thread_wait(struct wait_queue *queue, uint64_t deadline);
void thread_wake_one(struct wait_queue *queue);
void thread_wake_all(struct wait_queue *queue);
void thread_yield(void);

/* Makes a new thread the only one and runs `entry` in it. When it would wait, the image ends as by solo5_abort. */
_Noreturn void threads_end_with(void (*entry)(void *));

/* If `address` lies in the guard of the running thread's stack. */
bool thread_stack_overflowed(const void *address);
const char *thread_name(void);

/* --- start/faults.c --- */

/* Called by the bindings for a hardware fault, with a signal's arguments. */
void fault_deliver(int signal, siginfo_t *info, void *context);

/* --- start/report.c --- */

/* True once C# runs: it has said how to name its methods. */
bool report_has_names(void);

/* Says why, with registers and stack of a signal's context, then ends the image with solo5_abort. */
_Noreturn void report_fault(const void *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- entropy/ --- */
void entropy_init(const uint8_t *seed, size_t size);
void entropy_fill(void *buffer, size_t size);

/* Mixes the CPU's random number instruction into `words`; false without one. */
bool entropy_cpu(uint64_t *words, size_t count);

/* --- bindings/ (beside the Solo5 interface) --- */

/* What this tender offers beyond the Solo5 ABI; see docs/abi.md. */
bool bindings_faults_delivered(void);
bool bindings_protect_guard(void *page, bool guard);
const uint8_t *bindings_seed(size_t *size);
const char *bindings_target(void);

#endif
