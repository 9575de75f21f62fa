/*
 * The only system call instructions of an image. The link is checked: none may
 * stand outside this section.
 */
    .section .text.morgana.syscall, "ax", @progbits

    .globl spt_syscall
    .type spt_syscall, @function
spt_syscall:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
    movq %r8, %r10
    movq %r9, %r8
    movq 8(%rsp), %r9
    syscall
    ret
    .size spt_syscall, . - spt_syscall

    .globl spt_fault_return
    .type spt_fault_return, @function
spt_fault_return:
    movl $15, %eax /* rt_sigreturn */
    syscall
    ud2
    .size spt_fault_return, . - spt_fault_return

    .section .note.GNU-stack, "", @progbits
