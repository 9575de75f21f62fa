using Morgana.Elf;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Spt;

/// <summary>The numbers of the Solo5 spt ABI (<c>spt_abi.h</c>) that the tender and the guest share; see docs/abi.md.</summary>
internal static class SptAbi
{
    /// <summary>The version this tender speaks.</summary>
    public const uint Version = 2;

    /// <summary>Where guest memory begins: the lowest address that Linux lets a process map.</summary>
    public const ulong MemoryStart = 0x10000;

    /// <summary>Where the boot information lies.</summary>
    public const ulong BootInfoAddress = MemoryStart + 0x1000;

    /// <summary>Size of the boot information in bytes: memory size, image end, command line, manifest, two descriptors.</summary>
    public const int BootInfoSize = 40;

    /// <summary>The stub stands here (see the build of <c>native/tender</c>), so guest memory ends below.</summary>
    public const ulong LargestMemory = 0x40_0000_0000;

    /// <summary>Pages that protections apply to, in bytes.</summary>
    public const ulong PageSize = 4096;

    /// <summary>What the spt tender asks of an image.</summary>
    public static GuestFormat Format { get; } =
        new()
        {
            Target = AbiTarget.Spt,
            Name = "spt",
            Version = Version,
            LargestMemory = LargestMemory,
        };
}
