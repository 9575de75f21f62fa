using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>Hears of frames whose neighbour did not answer.</summary>
internal interface IUnresolvedFrames
{
    /// <summary>A frame is given up; the span is valid during the call only. New frames may be sent from here.</summary>
    void OnUnresolved(Instant now, ReadOnlySpan<byte> frame);
}
