using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Links;

/// <summary>Decides whether this machine may get a route to a unikernel's address.</summary>
internal static class HostRoute
{
    /// <summary>
    /// A sentence when the address belongs to a network that the machine is itself on, whose member would be hidden by
    /// the route; else null.
    /// </summary>
    public static string? Conflict(IPAddress unikernel)
    {
        foreach (NetworkInterface link in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation own in AddressesOf(link))
            {
                if (
                    own.Address.AddressFamily == AddressFamily.InterNetwork
                    && Covers(own.Address, own.PrefixLength, unikernel)
                )
                {
                    return $"this machine is on the network of {unikernel} already ({own.Address}/{own.PrefixLength} on {link.Name}), "
                        + "so it gets no route to the image; choose another --ipv4, or publish ports with -p.";
                }
            }
        }

        return null;
    }

    /// <summary>
    /// None where the system does not tell: .NET reads /etc/resolv.conf for them, which small systems do not have (seen in an initramfs).
    /// </summary>
    private static UnicastIPAddressInformation[] AddressesOf(NetworkInterface link)
    {
        try
        {
            return [.. link.GetIPProperties().UnicastAddresses];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    internal static bool Covers(IPAddress network, int prefixLength, IPAddress address)
    {
        uint mask = prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);
        return ((Value(network) ^ Value(address)) & mask) == 0;
    }

    private static uint Value(IPAddress address) =>
        BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
