/* The native layer alone: its page tables, memory, entropy and first thread, then a Main that returns. */
int main(void);
int main(void)
{
    return 0;
}

__asm__(".pushsection .note.solo5.manifest,\"a\",%note\n"
        ".balign 4\n"
        ".long 6, 116, 0x3154464d\n"
        ".asciz \"Solo5\"\n"
        ".balign 4\n"
        ".long 0, 1, 1\n"
        ".zero 68\n"
        ".long 0x40000000\n"
        ".zero 32\n"
        ".popsection\n");
