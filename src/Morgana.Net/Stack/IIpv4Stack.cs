namespace Morgana.Net;

/// <summary>An IPv4 stack: Morgana's own on a network device (<see cref="Ipv4Stack"/>), or one of the host.</summary>
public interface IIpv4Stack : IUdp
{
    /// <summary>Our address; 0.0.0.0 when the stack answers for all addresses of its host.</summary>
    IpAddress Address { get; }

    /// <summary>Takes possession of the address and begins to receive. Calls after the first do nothing.</summary>
    void Start();
}
