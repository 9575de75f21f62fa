/*
 * The switch between threads (System V ABI, x86-64): what a called function
 * must preserve goes on the old stack, and comes off the new one. Floating
 * point control words are the same in every thread and stay.
 */
    .text
    .globl thread_switch
    .type thread_switch, @function
thread_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size thread_switch, . - thread_switch

/*
 * A new stack, as thread_switch expects to find it: six registers, the place
 * to return to, and zeroes where an unwinder would look for a caller.
 */
    .globl thread_frame
    .type thread_frame, @function
thread_frame:
    leaq -80(%rdi), %rax
    movq $0, (%rax)
    movq $0, 8(%rax)
    movq $0, 16(%rax)
    movq $0, 24(%rax)
    movq $0, 32(%rax)
    movq $0, 40(%rax)
    leaq thread_begin(%rip), %rcx
    movq %rcx, 48(%rax)
    movq $0, 56(%rax)
    ret
    .size thread_frame, . - thread_frame

/* Reached by the first switch to a thread: the stack is 16-byte aligned plus 8
 * here, so a call is needed for main to begin as the ABI says. */
    .globl thread_begin
    .type thread_begin, @function
thread_begin:
    .cfi_startproc
    .cfi_undefined %rip
    xorl %ebp, %ebp
    andq $-16, %rsp
    call thread_main
    ud2
    .cfi_endproc
    .size thread_begin, . - thread_begin

    .section .note.GNU-stack, "", @progbits
