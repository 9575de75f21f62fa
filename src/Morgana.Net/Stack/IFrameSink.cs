namespace Morgana.Net;

/// <summary>Where the state machines put the frames that they send; the driver puts a device behind it.</summary>
internal interface IFrameSink
{
    /// <summary>Takes a whole frame; the span is valid during the call only.</summary>
    /// <returns>False when it was not taken: it is lost, as on any wire.</returns>
    bool TrySend(ReadOnlySpan<byte> frame);
}
