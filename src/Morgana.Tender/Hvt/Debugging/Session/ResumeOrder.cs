namespace Morgana.Tender.Hvt.Debugging;

/// <summary>How a guest goes on.</summary>
/// <param name="Steps">Whether it stops after one instruction.</param>
/// <param name="RangeStart">With a step: it makes further ones while it is at an address from here ...</param>
/// <param name="RangeEnd">... to below here.</param>
internal readonly record struct ResumeOrder(bool Steps, ulong RangeStart = 0, ulong RangeEnd = 0)
{
    /// <summary>Whether a step that ended there is followed by another one.</summary>
    public bool Continues(ulong programCounter) =>
        Steps && programCounter >= RangeStart && programCounter < RangeEnd;
}
