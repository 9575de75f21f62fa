/*
 * The boot loader of disks that `morgana image --disk` makes. It is not part of the running image: the image carries it
 * in a note, and the tool puts it into the first sectors of the disk. A BIOS starts it in 16-bit mode; it reads the image
 * by the BIOS's own functions to where it belongs, asks for the memory map, and enters the image as a hypervisor
 * would by PVH (boot_x86_64.S).
 *
 * On the disk: sector 0 with the partition table, the rest of this file, COMMAND_SECTORS with the command line, and
 * from a megabyte on the image as it lies in memory. All but the image is read to 0x7c00 and what follows it:
 *
 *   0x06000  what PVH hands over, and the memory map
 *   0x07c00  this file, the command line; the stack is below
 *   0x10000  a piece of the image on its way up
 *
 * Every label stands for a distance from `disk_start`, since this runs at another place than the image is linked to.
 */

#define NOTE_TYPE 0x6b736964 /* "disk" */

#define HERE 0x7c00
#define AT(label) ((label) - disk_start + HERE)

#define SECTOR 512
#define COMMAND_SECTORS 8
#define PIECE_SEGMENT 0x1000
#define PIECE_SECTORS 64
#define PIECE_ADDRESS 0x10000

#define PVH_INFO      0x6000
#define PVH_MAP       0x6040
#define PVH_MAP_MOST  100
#define PVH_MAGIC     0x336ec578
#define PVH_SIZE      56

#define SMAP 0x534d4150

#define CODE_SELECTOR 8
#define DATA_SELECTOR 16

#define COM1 0x3f8

    .section .note.morgana.disk, "a", @note
    .balign 4
    .long 8, disk_end - disk_start, NOTE_TYPE
    .asciz "Morgana"

    .code16
disk_start:
    cli
    cld
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $HERE, %sp
    sti
    ljmp $0, $AT(first)
first:
    movb %dl, AT(drive)

    /* Without this the BIOS would have to be asked by cylinders and heads. */
    movb $0x41, %ah
    movw $0x55aa, %bx
    int $0x13
    jc no_extensions
    cmpw $0xaa55, %bx
    jne no_extensions

    movw $AT(packet), %si
    call read
    jmp second

no_extensions:
    movw $AT(text_extensions), %si
    jmp stop

/* Reads what the packet at si says. */
read:
    movw $3, %bp
1:  movb $0x42, %ah
    movb AT(drive), %dl
    pushw %si
    pushw %bp
    pushl %edi
    pushl %ecx
    int $0x13
    popl %ecx
    popl %edi
    popw %bp
    popw %si
    jnc 2f
    decw %bp
    jnz 1b
    movw $AT(text_read), %si
    jmp stop
2:  ret

/* Says the text at si on the screen and the serial port, and stays. */
stop:
1:  lodsb
    testb %al, %al
    jz 2f
    movw $COM1, %dx
    outb %al, %dx
    movb $0x0e, %ah
    movw $7, %bx
    pushw %si
    int $0x10
    popw %si
    jmp 1b
2:  cli
    hlt
    jmp 2b

text_extensions:
    .asciz "morgana: this BIOS cannot read disks by block number\r\n"
text_read:
    .asciz "morgana: the disk cannot be read\r\n"

drive:
    .byte 0

    .balign 4
packet:
    .byte 16, 0
    .word (disk_end - disk_start) / SECTOR - 1 + COMMAND_SECTORS
    .word HERE + SECTOR, 0
    .quad 1

    /* By this the image knows the disk that it came from. */
    .org disk_start + 432, 0
    .ascii "MORGANA1"

    /* Disk signature and partition table: the tool's. */
    .org disk_start + 510, 0
    .byte 0x55, 0xaa

/* --- Sector 1 --- */

/* Written by the tool, but for the first two. */
parameters:
    .long 1               /* version of these parameters */
    .long COMMAND_SECTORS /* behind this file */
image_block:
    .quad 0
image_sectors:
    .long 0
image_address:
    .long 0
image_zero_end: /* from the image's end to here memory is to be zero */
    .long 0
image_entry:
    .long 0

second:
    /* Addresses above a megabyte without holes. */
    movw $0x2401, %ax
    int $0x15
    inb $0x92, %al
    orb $2, %al
    andb $0xfe, %al
    outb %al, $0x92

    /* Read and move up, piece by piece. */
    movl AT(image_address), %edi
    movl AT(image_sectors), %ecx
    movl AT(image_block), %eax
    movl %eax, AT(packet) + 8
    movl AT(image_block) + 4, %eax
    movl %eax, AT(packet) + 12
    movw $0, AT(packet) + 4
    movw $PIECE_SEGMENT, AT(packet) + 6
next_piece:
    testl %ecx, %ecx
    jz loaded
    movl %ecx, %edx
    cmpl $PIECE_SECTORS, %edx
    jbe 1f
    movl $PIECE_SECTORS, %edx
1:  movw %dx, AT(packet) + 2
    pushl %edx
    movw $AT(packet), %si
    call read
    popl %edx
    addl %edx, AT(packet) + 8
    adcl $0, AT(packet) + 12
    subl %edx, %ecx
    pushl %ecx
    movl %edx, %ecx
    shll $7, %ecx
    /* A moment in protected mode makes segments of 4 GiB, which stay until they are loaded anew by the BIOS. */
    cli
    lgdtl AT(gdt_pointer)
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    movw $DATA_SELECTOR, %bx
    movw %bx, %ds
    movw %bx, %es
    andb $0xfe, %al
    movl %eax, %cr0
    xorw %bx, %bx
    movw %bx, %ds
    movw %bx, %es
    movl $PIECE_ADDRESS, %esi
    rep movsl (%esi), (%edi)
    sti
    popl %ecx
    jmp next_piece

loaded:
    pushl %edi /* the image's end */

    /* The memory map: entries of 20 bytes, at distances of 24 as PVH has them. */
    movl $PVH_MAP, %edi
    xorl %ebx, %ebx
    xorl %ebp, %ebp
next_range:
    movl $0, 20(%di)
    movl $0xe820, %eax
    movl $SMAP, %edx
    movl $20, %ecx
    int $0x15
    jc 1f
    cmpl $SMAP, %eax
    jne 1f
    addw $24, %di
    incl %ebp
    cmpl $PVH_MAP_MOST, %ebp
    je 1f
    testl %ebx, %ebx
    jnz next_range
1:
    movw $PVH_INFO, %di
    xorl %eax, %eax
    movw $(PVH_SIZE / 4), %cx
    rep stosl
    movl $PVH_MAGIC, PVH_INFO
    movl $1, PVH_INFO + 4
    movl $AT(disk_end), PVH_INFO + 24 /* the command line */
    movl $PVH_MAP, PVH_INFO + 40
    movl %ebp, PVH_INFO + 48

    popl %edi
    cli
    lgdtl AT(gdt_pointer)
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE_SELECTOR, $AT(protected)

    .code32
protected:
    movl $DATA_SELECTOR, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl AT(image_zero_end), %ecx
    subl %edi, %ecx
    jbe 1f
    xorl %eax, %eax
    rep stosb
1:  movl $PVH_INFO, %ebx
    jmpl *AT(image_entry)

    .balign 4
gdt:
    .quad 0
    .quad 0x00cf9a000000ffff /* 32-bit code */
    .quad 0x00cf92000000ffff /* data */
gdt_pointer:
    .word 3 * 8 - 1
    .long AT(gdt)

    .org disk_start + ((. - disk_start + SECTOR - 1) / SECTOR) * SECTOR, 0
disk_end:

    .section .note.GNU-stack, "", @progbits
