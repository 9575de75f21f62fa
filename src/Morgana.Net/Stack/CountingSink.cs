namespace Morgana.Net;

/// <summary>Counts what goes out.</summary>
internal sealed class CountingSink(IFrameSink inner, StackCounters counters) : IFrameSink
{
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        bool taken = inner.TrySend(frame);
        if (taken)
        {
            counters.FramesSent++;
        }
        else
        {
            counters.FramesRefused++;
        }

        return taken;
    }
}
