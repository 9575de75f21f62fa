using System.Globalization;

namespace Morgana.Net;

/// <summary>An address and a port: one end of a UDP exchange or a TCP connection.</summary>
/// <param name="Address">The host.</param>
/// <param name="Port">The port, 0 to 65535.</param>
public readonly record struct IpEndpoint(IpAddress Address, ushort Port)
{
    /// <summary>10.0.0.2:53 or [2001:db8::1]:53.</summary>
    public override string ToString() =>
        Address.IsV6
            ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
