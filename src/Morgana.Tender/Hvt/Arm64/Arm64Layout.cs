namespace Morgana.Tender.Hvt;

/// <summary>
/// Where the translation tables of an arm64 guest lie, as in solo5-hvt: an image that sets up nothing of its own runs on these.
/// They are not mapped for the guest.
/// </summary>
internal static class Arm64Layout
{
    /// <summary>Level 0: an entry is 512 GiB.</summary>
    public const ulong Level0 = 0x1000;

    /// <summary>Level 1: an entry is 1 GiB.</summary>
    public const ulong Level1 = 0x2000;

    /// <summary>Level 2: four tables one behind the other; an entry is 2 MiB.</summary>
    public const ulong Level2 = 0x3000;

    /// <summary>Level 3, for the first 2 MiB: an entry is a page.</summary>
    public const ulong Level3 = 0x7000;

    /// <summary>Two instructions that run before the guest does, to learn the counter's rate.</summary>
    public const ulong Probe = 0x8000;

    /// <summary>Bytes from <see cref="HvtAbi.MmioBase"/> that are mapped for hypercalls.</summary>
    public const ulong MmioSize = 1 << 30;
}
