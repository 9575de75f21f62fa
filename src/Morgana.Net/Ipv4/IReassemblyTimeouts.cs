using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>Hears of datagrams that were not complete in time.</summary>
internal interface IReassemblyTimeouts
{
    /// <param name="firstFragment">The first fragment and what follows it without a gap; valid during the call only.</param>
    void OnReassemblyTimeout(Instant now, in IpDelivery firstFragment);
}
