namespace Morgana.Net;

/// <summary>
/// One interface's view of the network: its address, the hosts on the link, the gateway to all others; and which addresses cannot be
/// what they claim.
/// </summary>
internal sealed class Ipv4Routes
{
    private readonly IpPrefix _prefix;
    private readonly IpAddress _gateway;
    private readonly IpAddress _network;
    private readonly IpAddress _broadcast;

    /// <exception cref="ArgumentException">The configuration cannot work; the message says why.</exception>
    public Ipv4Routes(IpPrefix prefix, IpAddress gateway)
    {
        if (!prefix.Address.IsV4)
        {
            throw new ArgumentException(
                $"The address '{prefix}' is not IPv4: give an address and prefix length, as in 10.0.0.2/24.",
                nameof(prefix)
            );
        }

        _prefix = prefix;
        _gateway = gateway;
        _broadcast = prefix.Broadcast;
        // /31 and /32 have no address that means the network itself (RFC 3021).
        _network = prefix.Length <= 30 ? prefix.Network : default;
        if (!IsUnicast(prefix.Address))
        {
            throw new ArgumentException(
                $"The address '{prefix}' is not that of a host: it is unspecified, loopback, multicast, reserved, or its network's first or last.",
                nameof(prefix)
            );
        }

        if (gateway.Family == IpFamily.None)
        {
            return;
        }

        if (!gateway.IsV4 || !IsUnicast(gateway) || gateway == prefix.Address)
        {
            throw new ArgumentException(
                $"The gateway '{gateway}' is not the IPv4 address of another host.",
                nameof(gateway)
            );
        }

        if (prefix.Length < 32 && !prefix.Contains(gateway))
        {
            throw new ArgumentException(
                $"The gateway {gateway} is not in the network of {prefix}, so it cannot be reached: check the prefix length, or give a gateway on the link.",
                nameof(gateway)
            );
        }
    }

    public IpAddress Address => _prefix.Address;

    public IpPrefix Prefix => _prefix;

    /// <summary>True for 255.255.255.255 and the link's own broadcast address (RFC 919).</summary>
    public bool IsBroadcast(IpAddress address) =>
        address == IpAddress.BroadcastV4
        || (address == _broadcast && _broadcast.Family != IpFamily.None);

    /// <summary>
    /// True for what one host can have as its address: not 0/8, 127/8, 224/4 or 240/4 (RFC 6890), nor our link's network and broadcast.
    /// </summary>
    public bool IsUnicast(IpAddress address) =>
        address.IsV4
        && address.ToUInt32() >> 24 is > 0 and not 127 and < 224
        && address != _broadcast
        && address != _network;

    /// <summary>True for other hosts that we may speak with directly: those on the link, and the gateway.</summary>
    public bool IsNeighbour(IpAddress address) =>
        address != Address
        && IsUnicast(address)
        && (_prefix.Contains(address) || address == _gateway);

    /// <summary>Where a datagram goes next: the host itself, the gateway, or a broadcast address as it is. False: no route.</summary>
    public bool TryRoute(IpAddress destination, out IpAddress nextHop)
    {
        nextHop = destination;
        if (IsBroadcast(destination))
        {
            return true;
        }

        if (!IsUnicast(destination) || destination == Address)
        {
            return false;
        }

        if (_prefix.Contains(destination))
        {
            return true;
        }

        nextHop = _gateway;
        return _gateway.Family != IpFamily.None;
    }
}
