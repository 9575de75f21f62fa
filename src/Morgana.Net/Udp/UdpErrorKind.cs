namespace Morgana.Net;

/// <summary>Why a datagram got lost, as far as anybody told.</summary>
public enum UdpErrorKind
{
    /// <summary>No way to the host, or a neighbour that does not answer ARP.</summary>
    HostUnreachable = 0,

    /// <summary>The host is there, and nobody listens on the port.</summary>
    PortUnreachable,

    /// <summary>The host does not speak UDP.</summary>
    ProtocolUnreachable,

    /// <summary>Too long for a link on the way, and not allowed to be cut: <see cref="UdpError.Mtu"/> may say how long it can be.</summary>
    TooBig,

    /// <summary>A filter on the way forbids it.</summary>
    Prohibited,

    /// <summary>It went in circles, or not all of its fragments arrived.</summary>
    TimeExceeded,

    /// <summary>Somebody could not make sense of its header.</summary>
    Refused,
}
