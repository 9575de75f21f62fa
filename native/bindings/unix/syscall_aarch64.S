/*
 * The program's entry and the only system call instructions of an image. The
 * link is checked: none may stand outside this section.
 */
    .section .text.morgana.syscall, "ax", %progbits

    .globl _start
    .type _start, %function
_start:
    mov x29, #0
    mov x30, #0
    mov x0, sp
    bl unix_start
    brk #1
    .size _start, . - _start

    .globl unix_syscall
    .type unix_syscall, %function
unix_syscall:
    mov x8, x0
    mov x0, x1
    mov x1, x2
    mov x2, x3
    mov x3, x4
    mov x4, x5
    mov x5, x6
    svc #0
    ret
    .size unix_syscall, . - unix_syscall

    .globl unix_fault_return
    .type unix_fault_return, %function
unix_fault_return:
    mov x8, #139 /* rt_sigreturn */
    svc #0
    brk #1
    .size unix_fault_return, . - unix_fault_return

    .section .note.GNU-stack, "", %progbits
