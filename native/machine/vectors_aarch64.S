/*
 * Where the processor goes for exceptions. Programs run at EL1 with the stack pointer of EL0 (PSTATE.SPSel = 0), so an
 * exception finds the other stack pointer, and with it a stack of its own: the program's may be full. What is saved there is
 * a Linux signal's ucontext_t; traps_aarch64.c has its shape. Every register survives: an exception may happen anywhere.
 */
#define CONTEXT_SIZE   4560
#define CONTEXT_REGS   184
#define CONTEXT_SP     432
#define CONTEXT_PC     440
#define CONTEXT_PSTATE 448
#define CONTEXT_FPSR   472
#define CONTEXT_FPCR   476
#define CONTEXT_V      480
/* The context, then a frame record, so that a debugger finds its way past it. */
#define FRAME          4576
#define FRAME_HIGH     4096
#define FRAME_LOW      (FRAME - FRAME_HIGH)

    .text

/* machine_switch_stacks(void *exception_stack): goes on with the same stack under the other name, exceptions get this one. */
    .globl machine_switch_stacks
    .type machine_switch_stacks, %function
machine_switch_stacks:
    mov x9, sp
    msr sp_el0, x9
    mov sp, x0
    msr spsel, #0
    ret
    .size machine_switch_stacks, . - machine_switch_stacks

/*
 * machine_switch_tables(root, tcr_both, tcr_last, sctlr): the tables in use must not be changed for others under the code
 * that runs, so it runs at the upper half of the addresses meanwhile, where the same new tables are used: their low bits are
 * those of the lower half. No memory is accessed.
 */
    .globl machine_switch_tables
    .type machine_switch_tables, %function
machine_switch_tables:
    dsb ish /* the tables are written */
    mrs x9, tcr_el1
    and x9, x9, #0xffffffff0000ffff
    and x10, x1, #0x00000000ffff0000
    orr x9, x9, x10 /* the lower half as it is, the upper half as it shall be */
    msr ttbr1_el1, x0
    msr tcr_el1, x9
    isb
    tlbi vmalle1
    dsb ish
    isb
    adr x9, 1f
    orr x9, x9, #0xffffff8000000000
    br x9
1:  /* Upper half. The lower one: off, forgotten, then on with the new tables. */
    mrs x9, tcr_el1
    orr x9, x9, #0x80
    msr tcr_el1, x9
    isb
    msr sctlr_el1, x3
    isb
    tlbi vmalle1
    dsb ish
    isb
    msr ttbr0_el1, x0
    orr x9, x1, #0x80
    msr tcr_el1, x9
    isb
    msr tcr_el1, x1
    isb
    adr x9, 2f
    and x9, x9, #0x7fffffffff
    br x9
2:  /* Lower half. The upper one is not needed any more. */
    msr tcr_el1, x2
    isb
    msr ttbr1_el1, xzr
    isb
    tlbi vmalle1
    dsb ish
    isb
    ret
    .size machine_switch_tables, . - machine_switch_tables

/* Sixteen vectors of 32 instructions: from EL1 with the program's stack, from EL1 with this one (an exception while one is
 * handled), from EL0 in 64 and in 32 bits (there is no EL0). Four each: synchronous, IRQ, FIQ, SError. */
    .balign 2048
    .globl machine_vectors
machine_vectors:
    .set number, 0
    .rept 16
    .balign 128
    .if number >= 4 && number < 8
    /* A stack that is full would fault for ever, deeper each time. */
    msr tpidr_el1, x0
    msr tpidrro_el0, x1
    mov x0, sp
    sub x0, x0, #FRAME_HIGH
    sub x0, x0, #FRAME_LOW
    adrp x1, machine_stack_lowest
    ldr x1, [x1, :lo12:machine_stack_lowest]
    cmp x0, x1
    mrs x1, tpidrro_el0
    b.lo exception_stack_full
    mrs x0, tpidr_el1
    .endif
    sub sp, sp, #FRAME_HIGH
    sub sp, sp, #FRAME_LOW
    stp x0, x1, [sp, #CONTEXT_REGS]
    mov w1, #number
    b exception
    .set number, number + 1
    .endr
    .balign 128

    .type exception_stack_full, %function
exception_stack_full:
    adrp x0, machine_last_stack_top
    add x0, x0, :lo12:machine_last_stack_top
    ldr x0, [x0]
    sub x0, x0, #FRAME_HIGH
    sub x0, x0, #FRAME_LOW
    mov sp, x0
    mrs x0, tpidr_el1
    stp x0, x1, [sp, #CONTEXT_REGS]
    mov w1, #16 /* beyond the vectors */
    b exception
    .size exception_stack_full, . - exception_stack_full

    .type exception, %function
exception:
    .cfi_startproc
    stp x2, x3, [sp, #CONTEXT_REGS + 16 * 1]
    stp x4, x5, [sp, #CONTEXT_REGS + 16 * 2]
    stp x6, x7, [sp, #CONTEXT_REGS + 16 * 3]
    stp x8, x9, [sp, #CONTEXT_REGS + 16 * 4]
    stp x10, x11, [sp, #CONTEXT_REGS + 16 * 5]
    stp x12, x13, [sp, #CONTEXT_REGS + 16 * 6]
    stp x14, x15, [sp, #CONTEXT_REGS + 16 * 7]
    stp x16, x17, [sp, #CONTEXT_REGS + 16 * 8]
    stp x18, x19, [sp, #CONTEXT_REGS + 16 * 9]
    stp x20, x21, [sp, #CONTEXT_REGS + 16 * 10]
    stp x22, x23, [sp, #CONTEXT_REGS + 16 * 11]
    stp x24, x25, [sp, #CONTEXT_REGS + 16 * 12]
    stp x26, x27, [sp, #CONTEXT_REGS + 16 * 13]
    stp x28, x29, [sp, #CONTEXT_REGS + 16 * 14]
    str x30, [sp, #CONTEXT_REGS + 16 * 15]
    mrs x2, elr_el1
    mrs x3, spsr_el1
    stp x2, x3, [sp, #CONTEXT_PC]
    mrs x4, sp_el0
    tbz x3, #0, 1f /* EL1t: the program's stack */
    add x4, sp, #FRAME_HIGH
    add x4, x4, #FRAME_LOW
1:  str x4, [sp, #CONTEXT_SP]
    mov x5, sp
    add x5, x5, #FRAME_HIGH
    add x5, x5, #(CONTEXT_SIZE - FRAME_HIGH)
    stp x29, x2, [x5]
    mov x29, x5
    .cfi_def_cfa x29, 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mrs x6, fpsr
    mrs x7, fpcr
    str w6, [sp, #CONTEXT_FPSR]
    str w7, [sp, #CONTEXT_FPCR]
    stp q0, q1, [sp, #CONTEXT_V + 32 * 0]
    stp q2, q3, [sp, #CONTEXT_V + 32 * 1]
    stp q4, q5, [sp, #CONTEXT_V + 32 * 2]
    stp q6, q7, [sp, #CONTEXT_V + 32 * 3]
    stp q8, q9, [sp, #CONTEXT_V + 32 * 4]
    stp q10, q11, [sp, #CONTEXT_V + 32 * 5]
    stp q12, q13, [sp, #CONTEXT_V + 32 * 6]
    stp q14, q15, [sp, #CONTEXT_V + 32 * 7]
    stp q16, q17, [sp, #CONTEXT_V + 32 * 8]
    stp q18, q19, [sp, #CONTEXT_V + 32 * 9]
    stp q20, q21, [sp, #CONTEXT_V + 32 * 10]
    stp q22, q23, [sp, #CONTEXT_V + 32 * 11]
    stp q24, q25, [sp, #CONTEXT_V + 32 * 12]
    stp q26, q27, [sp, #CONTEXT_V + 32 * 13]
    stp q28, q29, [sp, #CONTEXT_V + 32 * 14]
    stp q30, q31, [sp, #CONTEXT_V + 32 * 15]
    mov x0, sp
    bl machine_trap_handle

    ldr w6, [sp, #CONTEXT_FPSR]
    ldr w7, [sp, #CONTEXT_FPCR]
    msr fpsr, x6
    msr fpcr, x7
    ldp q0, q1, [sp, #CONTEXT_V + 32 * 0]
    ldp q2, q3, [sp, #CONTEXT_V + 32 * 1]
    ldp q4, q5, [sp, #CONTEXT_V + 32 * 2]
    ldp q6, q7, [sp, #CONTEXT_V + 32 * 3]
    ldp q8, q9, [sp, #CONTEXT_V + 32 * 4]
    ldp q10, q11, [sp, #CONTEXT_V + 32 * 5]
    ldp q12, q13, [sp, #CONTEXT_V + 32 * 6]
    ldp q14, q15, [sp, #CONTEXT_V + 32 * 7]
    ldp q16, q17, [sp, #CONTEXT_V + 32 * 8]
    ldp q18, q19, [sp, #CONTEXT_V + 32 * 9]
    ldp q20, q21, [sp, #CONTEXT_V + 32 * 10]
    ldp q22, q23, [sp, #CONTEXT_V + 32 * 11]
    ldp q24, q25, [sp, #CONTEXT_V + 32 * 12]
    ldp q26, q27, [sp, #CONTEXT_V + 32 * 13]
    ldp q28, q29, [sp, #CONTEXT_V + 32 * 14]
    ldp q30, q31, [sp, #CONTEXT_V + 32 * 15]
    ldp x2, x3, [sp, #CONTEXT_PC]
    msr elr_el1, x2
    msr spsr_el1, x3
    tbnz x3, #0, 2f /* back to the handling of another exception, on this stack */
    ldr x4, [sp, #CONTEXT_SP]
    msr sp_el0, x4
2:  ldp x0, x1, [sp, #CONTEXT_REGS + 16 * 0]
    ldp x2, x3, [sp, #CONTEXT_REGS + 16 * 1]
    ldp x4, x5, [sp, #CONTEXT_REGS + 16 * 2]
    ldp x6, x7, [sp, #CONTEXT_REGS + 16 * 3]
    ldp x8, x9, [sp, #CONTEXT_REGS + 16 * 4]
    ldp x10, x11, [sp, #CONTEXT_REGS + 16 * 5]
    ldp x12, x13, [sp, #CONTEXT_REGS + 16 * 6]
    ldp x14, x15, [sp, #CONTEXT_REGS + 16 * 7]
    ldp x16, x17, [sp, #CONTEXT_REGS + 16 * 8]
    ldp x18, x19, [sp, #CONTEXT_REGS + 16 * 9]
    ldp x20, x21, [sp, #CONTEXT_REGS + 16 * 10]
    ldp x22, x23, [sp, #CONTEXT_REGS + 16 * 11]
    ldp x24, x25, [sp, #CONTEXT_REGS + 16 * 12]
    ldp x26, x27, [sp, #CONTEXT_REGS + 16 * 13]
    ldp x28, x29, [sp, #CONTEXT_REGS + 16 * 14]
    ldr x30, [sp, #CONTEXT_REGS + 16 * 15]
    add sp, sp, #FRAME_HIGH
    add sp, sp, #FRAME_LOW
    eret
    .cfi_endproc
    .size exception, . - exception

    .section .note.GNU-stack, "", %progbits
