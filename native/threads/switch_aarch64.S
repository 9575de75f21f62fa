/*
 * The switch between threads (AAPCS64): what a called function must preserve
 * goes on the old stack, and comes off the new one: x19-x30 and the low halves
 * of v8-v15. FPCR is the same in every thread and stays.
 */
#define FRAME 160

    .text
    .globl thread_switch
    .type thread_switch, %function
thread_switch:
    sub sp, sp, #FRAME
    stp x29, x30, [sp, #0]
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x29, x30, [sp, #0]
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #FRAME
    ret
    .size thread_switch, . - thread_switch

/*
 * A new stack, as thread_switch expects to find it: zeroes in all registers but
 * the link register, and a frame record of zeroes where an unwinder would look
 * for a caller. The top is 16-byte aligned afterwards, whatever it was.
 */
    .globl thread_frame
    .type thread_frame, %function
thread_frame:
    and x0, x0, #-16
    stp xzr, xzr, [x0, #-16]!
    mov x9, #FRAME
1:
    stp xzr, xzr, [x0, #-16]!
    subs x9, x9, #16
    b.ne 1b
    adrp x9, thread_begin
    add x9, x9, :lo12:thread_begin
    str x9, [x0, #8]
    ret
    .size thread_frame, . - thread_frame

/* Reached by the first switch to a thread: nobody has called it. */
    .globl thread_begin
    .type thread_begin, %function
thread_begin:
    .cfi_startproc
    .cfi_undefined x30
    mov x29, xzr
    bl thread_main
    brk #1
    .cfi_endproc
    .size thread_begin, . - thread_begin

    .section .note.GNU-stack, "", %progbits
