/*
 * The only system call instructions of an image. The link is checked: none may
 * stand outside this section.
 */
    .section .text.morgana.syscall, "ax", %progbits

    .globl spt_syscall
    .type spt_syscall, %function
spt_syscall:
    mov x8, x0
    mov x0, x1
    mov x1, x2
    mov x2, x3
    mov x3, x4
    mov x4, x5
    mov x5, x6
    svc #0
    ret
    .size spt_syscall, . - spt_syscall

    .globl spt_fault_return
    .type spt_fault_return, %function
spt_fault_return:
    mov x8, #139 /* rt_sigreturn */
    svc #0
    brk #1
    .size spt_fault_return, . - spt_fault_return

    .section .note.GNU-stack, "", %progbits
