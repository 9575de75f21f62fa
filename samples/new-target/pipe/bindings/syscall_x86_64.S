/* The program's entry and its system calls. The link is checked: no other instruction enters the kernel. */
    .section .text.morgana.syscall, "ax", @progbits

    .globl _start
_start:
    xorl %ebp, %ebp
    movq %rsp, %rdi
    andq $-16, %rsp
    call pipe_start
    ud2

    .globl pipe_syscall
pipe_syscall:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
    movq %r8, %r10
    movq %r9, %r8
    movq 8(%rsp), %r9
    syscall
    ret

    .section .note.GNU-stack, "", @progbits
