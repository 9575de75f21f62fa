/*
 * The ways into a virtio image, and from each of them to 64-bit C:
 *
 *   multiboot 1   QEMU's -kernel, GRUB. The header carries addresses (the "a.out kludge"), because QEMU refuses to load
 *                 a 64-bit ELF file by its segments. So the file must lie in memory as it lies on disk; image.lds sees to that.
 *   PVH           Xen's direct boot for hypervisors: QEMU without the multiboot header, cloud-hypervisor, Firecracker, and
 *                 the boot loader of `morgana image --disk`. Found by an ELF note.
 *
 * Both enter in 32-bit protected mode without paging, with flat segments and interrupts off. Multiboot says its magic
 * number in eax; PVH says nothing there, and has an entry of its own.
 */

#define MULTIBOOT_HEADER_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS        0x00010003 /* page-aligned modules, memory map, addresses in the header */

#define PVH_ENTRY_NOTE 18 /* XEN_ELFNOTE_PHYS32_ENTRY */

#define CR0_PE 0x00000001
#define CR0_MP 0x00000002
#define CR0_NE 0x00000020
#define CR0_WP 0x00010000
#define CR0_PG 0x80000000
#define CR4_PAE        0x020
#define CR4_OSFXSR     0x200
#define CR4_OSXMMEXCPT 0x400
#define EFER     0xc0000080
#define EFER_LME 0x100
#define EFER_NXE 0x800

#define PAGE_PRESENT_WRITE 0x3
#define PAGE_2M            0x80

    .section .text.morgana.multiboot, "ax", @progbits
    .balign 4
    .globl multiboot_header
multiboot_header:
    .long MULTIBOOT_HEADER_MAGIC
    .long MULTIBOOT_FLAGS
    .long -(MULTIBOOT_HEADER_MAGIC + MULTIBOOT_FLAGS)
    .long multiboot_header
    .long __text_start   /* load_addr: file offset and address differ by the same from here on */
    .long __file_end     /* load_end_addr */
    .long __image_end    /* bss_end_addr */
    .long _start         /* entry_addr */

    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, PVH_ENTRY_NOTE
    .asciz "Xen"
    .long pvh_start

    .section .text.morgana.entry, "ax", @progbits
    .code32
    .globl _start
_start:
    movl %eax, %esi      /* the magic number, or what another loader left */
    jmp enter
    .globl pvh_start
pvh_start:
    xorl %esi, %esi
enter:
    cld
    movl $boot_stack_end, %esp
    movl %ebx, %edi

    /* A processor without long mode can at least stop. */
    movl $0x80000000, %eax
    cpuid
    cmpl $0x80000001, %eax
    jb stop
    movl $0x80000001, %eax
    cpuid
    btl $29, %edx
    jnc stop

    /* The first 4 GiB at their own addresses, in pages of 2 MiB, until machine/ has better tables. */
    movl $boot_level3, %eax
    orl $PAGE_PRESENT_WRITE, %eax
    movl %eax, boot_level4
    movl $boot_level2, %eax
    orl $PAGE_PRESENT_WRITE, %eax
    xorl %ecx, %ecx
1:  movl %eax, boot_level3(, %ecx, 8)
    addl $4096, %eax
    incl %ecx
    cmpl $4, %ecx
    jne 1b
    movl $(PAGE_PRESENT_WRITE | PAGE_2M), %eax
    xorl %ecx, %ecx
2:  movl %eax, boot_level2(, %ecx, 8)
    addl $0x200000, %eax
    incl %ecx
    cmpl $2048, %ecx
    jne 2b

    movl $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
    movl %eax, %cr4
    movl $boot_level4, %eax
    movl %eax, %cr3
    movl $EFER, %ecx
    rdmsr
    orl $EFER_LME, %eax
    wrmsr
    movl $(CR0_PG | CR0_WP | CR0_NE | CR0_MP | CR0_PE), %eax
    movl %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $8, $long_mode

stop:
    cli
    hlt
    jmp stop

    .code64
long_mode:
    movl $16, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movl $boot_stack_end, %esp
    xorl %ebp, %ebp
    /* edi: what the loader left; esi: multiboot's magic number. The upper halves are undefined after the switch. */
    movl %edi, %edi
    movl %esi, %esi
    call virtio_start
    ud2

    .section .rodata.morgana.boot, "a", @progbits
    .balign 8
boot_gdt:
    .quad 0
    .quad 0x00af9a000000ffff /* 64-bit code */
    .quad 0x00cf92000000ffff /* data */
boot_gdt_pointer:
    .word 3 * 8 - 1
    .long boot_gdt

    .section .bss.morgana.boot, "aw", @nobits
    .balign 4096
boot_level4:
    .skip 4096
boot_level3:
    .skip 4096
boot_level2:
    .skip 4 * 4096
    .skip 32768
    .globl boot_stack_end
boot_stack_end:

    .section .note.GNU-stack, "", @progbits
