namespace Morgana.Tender.Hvt;

/// <summary>
/// What lies where below an x86-64 image, as in solo5-hvt: an image that sets up nothing of its own runs on this. The first pages
/// are the processor's and are not mapped for the guest; what the tender tells the guest is mapped read-only.
/// </summary>
internal static class X64Layout
{
    public const ulong Descriptors = 0x1000;
    public const ulong PageMap = 0x2000;
    public const ulong PageDirectoryPointers = 0x3000;
    public const ulong PageDirectories = 0x4000;
    public const ulong FirstPageTable = 0x8000;
}
