namespace Morgana.Tender.Hvt;

/// <summary>What lies where below an image, on all processors, as in solo5-hvt. The pages below are for the processor's tables.</summary>
internal static class GuestLayout
{
    /// <summary>What the tender tells the guest; mapped read-only up to the image.</summary>
    public const ulong BootInfo = 0x10000;

    /// <summary>Where images begin at the lowest.</summary>
    public const ulong LowestImageAddress = 0x100000;

    /// <summary>Bytes that one entry of the directories maps; memory is a multiple of it.</summary>
    public const ulong LargePage = 2 << 20;
}
