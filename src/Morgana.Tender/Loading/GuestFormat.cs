using Morgana.Elf;

namespace Morgana.Tender.Loading;

/// <summary>What a tender asks of an image: the ABI and the memory that it can give.</summary>
internal sealed record GuestFormat
{
    /// <summary>The tender that images must be linked for.</summary>
    public required AbiTarget Target { get; init; }

    /// <summary>The target's name on the command line of a build, as in <c>spt</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the ABI.</summary>
    public required uint Version { get; init; }

    /// <summary>The end of the largest guest memory, in bytes.</summary>
    public required ulong LargestMemory { get; init; }

    /// <summary>Lowest address at which an image may be loaded.</summary>
    public ulong LowestImageAddress { get; init; } = 0x100000;

    /// <summary>Pages that protections apply to, in bytes.</summary>
    public ulong PageSize { get; init; } = 4096;

    /// <summary>What must be left above the image for a stack, in bytes. Less can run nothing, and a guest would fault without a word.</summary>
    public ulong LeastFreeMemory { get; init; } = 64 << 10;
}
