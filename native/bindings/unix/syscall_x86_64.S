/*
 * The program's entry and the only system call instructions of an image. The
 * link is checked: none may stand outside this section.
 */
    .section .text.morgana.syscall, "ax", @progbits

    .globl _start
    .type _start, @function
_start:
    xorl %ebp, %ebp
    movq %rsp, %rdi
    andq $-16, %rsp
    call unix_start
    ud2
    .size _start, . - _start

    .globl unix_syscall
    .type unix_syscall, @function
unix_syscall:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
    movq %r8, %r10
    movq %r9, %r8
    movq 8(%rsp), %r9
    syscall
    ret
    .size unix_syscall, . - unix_syscall

    .globl unix_fault_return
    .type unix_fault_return, @function
unix_fault_return:
    movl $15, %eax /* rt_sigreturn */
    syscall
    ud2
    .size unix_fault_return, . - unix_fault_return

    .section .note.GNU-stack, "", @progbits
