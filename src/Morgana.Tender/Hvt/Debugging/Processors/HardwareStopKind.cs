namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What a processor watches for; the numbers are those of the packets <c>Z</c> and <c>z</c>.</summary>
internal enum HardwareStopKind
{
    /// <summary>An instruction.</summary>
    Breakpoint = 1,

    /// <summary>A write.</summary>
    Write = 2,

    /// <summary>A read or a write.</summary>
    Access = 4,
}
