/*
 * What GCC's support library has for programs that write instructions. No image can: its memory is never writable and executable. But code
 * of the runtime that would call it is linked where ilc does not optimise (the profile debug), so it is here, and does what it should.
 */
#include <stdint.h>

void __clear_cache(void *begin, void *end);
void __clear_cache(void *begin, void *end)
{
    uint64_t type;
    __asm__("mrs %0, ctr_el0" : "=r"(type));
    uintptr_t data_line = (uintptr_t)4 << (type >> 16 & 15);
    uintptr_t instruction_line = (uintptr_t)4 << (type & 15);
    for (uintptr_t at = (uintptr_t)begin & ~(data_line - 1); at < (uintptr_t)end; at += data_line)
        __asm__ volatile("dc cvau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish" : : : "memory");
    for (uintptr_t at = (uintptr_t)begin & ~(instruction_line - 1); at < (uintptr_t)end; at += instruction_line)
        __asm__ volatile("ic ivau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish\n\tisb" : : : "memory");
}
