using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>One question on its way to one server, from a port of its own.</summary>
internal sealed class UpstreamQuery
{
    public required Question Asked { get; init; }

    /// <summary>The zone as whose server it is asked: what it may speak about.</summary>
    public required DnsName Zone { get; init; }

    /// <summary>Until when the zone is that server's: what it delegates may not live longer.</summary>
    public required Instant ZoneExpires { get; init; }

    public required ServerRecord Server { get; init; }

    public required ushort Id { get; init; }

    /// <summary>The name in wire form, in the case in which it was sent.</summary>
    public required byte[] SentName { get; init; }

    /// <summary>Whether the answer must have the name in just that case.</summary>
    public required bool ExactCase { get; init; }

    public required bool Edns { get; init; }

    public required Instant SentAt { get; init; }

    public required Instant Deadline { get; init; }

    /// <summary>Whether the wait is shorter than the server deserves, because the client's time runs out.</summary>
    public required bool IsCutShort { get; init; }

    /// <summary>Whose work it is; the first sent it, others had the same question for the same zone.</summary>
    public List<Resolution> Owners { get; } = [];

    /// <summary>Datagrams that reached the port and were not the answer.</summary>
    public int Strays { get; set; }

    public bool IsOpen { get; set; } = true;

    /// <summary>For <see cref="DeadlineHeap"/>.</summary>
    public int HeapIndex { get; set; } = -1;

    /// <summary>For the transport: its socket.</summary>
    public IDisposable? Transport { get; set; }
}
