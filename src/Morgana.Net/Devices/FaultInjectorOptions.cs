namespace Morgana.Net;

/// <summary>What a <see cref="FaultInjector"/> does to frames. Chances are from 0 (never, the default) to 1 (always).</summary>
public sealed record FaultInjectorOptions
{
    /// <summary>The same seed gives the same faults.</summary>
    public int Seed { get; init; }

    /// <summary>Chance that a frame is lost.</summary>
    public double Drop { get; init; }

    /// <summary>Chance that one bit of a frame is turned.</summary>
    public double Corrupt { get; init; }

    /// <summary>Chance that a frame comes twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>Chance that a frame comes after the next one.</summary>
    public double Reorder { get; init; }
}
