using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>A device as the place where frames go.</summary>
internal sealed class NetworkSink(INetwork network) : IFrameSink
{
    public bool TrySend(ReadOnlySpan<byte> frame) => network.TrySend(frame);
}
