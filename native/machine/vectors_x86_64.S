/*
 * Where the processor goes for traps and interrupts. Traps of all kinds run on stacks of their own (the task state
 * segment's IST): compiled code keeps data in the 128 bytes below the stack pointer, and a full stack has no room.
 * Every register survives, vector registers too: a trap may happen anywhere, and C uses them.
 */
    .text

    .macro TRAP number, has_error
    .balign 16
    .if \has_error == 0
    pushq $0
    .endif
    pushq $\number
    jmp trap_common
    .endm

    .balign 16
    .globl machine_trap_vectors
machine_trap_vectors:
    /* Those of 8, 10 to 14, 17, 21, 29 and 30 push an error code. */
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7
    TRAP \number, 0
    .endr
    TRAP 8, 1
    TRAP 9, 0
    .irp number, 10, 11, 12, 13, 14
    TRAP \number, 1
    .endr
    .irp number, 15, 16
    TRAP \number, 0
    .endr
    TRAP 17, 1
    .irp number, 18, 19, 20
    TRAP \number, 0
    .endr
    TRAP 21, 1
    .irp number, 22, 23, 24, 25, 26, 27, 28
    TRAP \number, 0
    .endr
    TRAP 29, 1
    TRAP 30, 1
    TRAP 31, 0

/* The frame of traps_x86_64.c (struct saved) from the lowest address: r8 to r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, the
 * vector, the error code, then what the processor pushed. */
    .type trap_common, @function
trap_common:
    .cfi_startproc
    .cfi_signal_frame
    pushq %rcx
    pushq %rax
    pushq %rdx
    pushq %rbx
    pushq %rbp
    pushq %rsi
    pushq %rdi
    pushq %r15
    pushq %r14
    pushq %r13
    pushq %r12
    pushq %r11
    pushq %r10
    pushq %r9
    pushq %r8
    cld
    movq %rsp, %rbx
    .cfi_def_cfa %rbx, 0
    .cfi_offset %r8, 0
    .cfi_offset %r9, 8
    .cfi_offset %r10, 16
    .cfi_offset %r11, 24
    .cfi_offset %r12, 32
    .cfi_offset %r13, 40
    .cfi_offset %r14, 48
    .cfi_offset %r15, 56
    .cfi_offset %rdi, 64
    .cfi_offset %rsi, 72
    .cfi_offset %rbp, 80
    .cfi_offset %rbx, 88
    .cfi_offset %rdx, 96
    .cfi_offset %rax, 104
    .cfi_offset %rcx, 112
    .cfi_offset %rip, 136
    .cfi_offset %rsp, 160
    subq machine_float_size(%rip), %rsp
    andq $-64, %rsp
    movq %rsp, %r12
    cmpb $0, machine_float_extended(%rip)
    je 1f
    /* The header of the area: XSAVE writes half of its first word and nothing of the rest. */
    xorl %eax, %eax
    movq %rax, 512(%rsp)
    movq %rax, 520(%rsp)
    movq %rax, 528(%rsp)
    movq %rax, 536(%rsp)
    movq %rax, 544(%rsp)
    movq %rax, 552(%rsp)
    movq %rax, 560(%rsp)
    movq %rax, 568(%rsp)
    movl $-1, %eax
    movl $-1, %edx
    xsave64 (%rsp)
    jmp 2f
1:  fxsave64 (%rsp)
2:  movq %rbx, %rdi
    movq %rsp, %rsi
    call machine_trap_handle
    movq %r12, %rsp
    cmpb $0, machine_float_extended(%rip)
    je 3f
    movl $-1, %eax
    movl $-1, %edx
    xrstor64 (%rsp)
    jmp 4f
3:  fxrstor64 (%rsp)
4:  movq %rbx, %rsp
    popq %r8
    popq %r9
    popq %r10
    popq %r11
    popq %r12
    popq %r13
    popq %r14
    popq %r15
    popq %rdi
    popq %rsi
    popq %rbp
    popq %rbx
    popq %rdx
    popq %rax
    popq %rcx
    addq $16, %rsp
    iretq
    .cfi_endproc
    .size trap_common, . - trap_common

/*
 * Interrupts happen in machine_wait_for_interrupt alone, which its callers take for a function: what a function may
 * change need not be kept but for what the handler's own return needs.
 */
    .macro INTERRUPT number
    .balign 16
    pushq $\number
    jmp interrupt_common
    .endm

    .balign 16
    .globl machine_interrupt_vectors
machine_interrupt_vectors:
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    INTERRUPT \number
    .endr

    .type interrupt_common, @function
interrupt_common:
    pushq %rbp
    movq %rsp, %rbp
    movq 8(%rbp), %rdi
    andq $-16, %rsp
    cld
    call bindings_interrupt
    movq %rbp, %rsp
    popq %rbp
    addq $8, %rsp
    iretq
    .size interrupt_common, . - interrupt_common

    .globl machine_wait_for_interrupt
    .type machine_wait_for_interrupt, @function
machine_wait_for_interrupt:
    sti /* takes effect after the next instruction: none is lost between the two */
    hlt
    cli
    ret
    .size machine_wait_for_interrupt, . - machine_wait_for_interrupt

/* machine_load_segments(const void *gdt_pointer, const void *idt_pointer): selectors of traps_x86_64.c. */
    .globl machine_load_segments
    .type machine_load_segments, @function
machine_load_segments:
    lgdt (%rdi)
    lidt (%rsi)
    pushq $0x08
    leaq 1f(%rip), %rax
    pushq %rax
    lretq
1:  movl $0x10, %eax
    movl %eax, %ss
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl $0x18, %eax
    ltr %ax
    ret
    .size machine_load_segments, . - machine_load_segments

    .section .note.GNU-stack, "", @progbits
