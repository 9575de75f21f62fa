using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Publishing;

/// <summary>
/// A port of the unikernel that is published on the host, written as container tools do:
/// <c>[HOSTIP:]HOSTPORT:PORT[/tcp|/udp]</c>. Without a protocol it is TCP; without a host address all IPv4 addresses
/// of the host; host port 0 takes a free one; IPv6 host addresses stand in brackets.
/// </summary>
/// <param name="Host">Where the host listens.</param>
/// <param name="Port">The unikernel's port, 1 to 65535.</param>
/// <param name="Protocol"><see cref="ProtocolType.Udp"/> or <see cref="ProtocolType.Tcp"/>.</param>
internal sealed record PublishedPort(IPEndPoint Host, int Port, ProtocolType Protocol)
{
    /// <summary>The protocol's name, <c>udp</c> or <c>tcp</c>.</summary>
    public string ProtocolName => Protocol == ProtocolType.Udp ? "udp" : "tcp";

    /// <summary>Reads a <c>-p</c> value; on refusal <paramref name="error"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, out PublishedPort? port, out string? error)
    {
        port = null;
        ReadOnlySpan<char> rest = text;
        ProtocolType protocol = ProtocolType.Tcp;
        int slash = rest.IndexOf('/');
        if (slash >= 0)
        {
            ReadOnlySpan<char> name = rest[(slash + 1)..];
            if (name is "udp")
            {
                protocol = ProtocolType.Udp;
            }
            else if (name is not "tcp")
            {
                error = $"-p {text}: the protocol '{name}' is neither udp nor tcp.";
                return false;
            }

            rest = rest[..slash];
        }

        int colon = rest.LastIndexOf(':');
        if (colon < 0)
        {
            error = $"-p {text}: two ports are needed, HOSTPORT:PORT, for example 5353:53/udp.";
            return false;
        }

        if (!TryPort(rest[(colon + 1)..], 1, out int inner))
        {
            error =
                $"-p {text}: the unikernel's port '{rest[(colon + 1)..]}' is not a number from 1 to 65535.";
            return false;
        }

        rest = rest[..colon];
        IPAddress address = IPAddress.Any;
        colon = rest.LastIndexOf(':');
        if (colon >= 0)
        {
            ReadOnlySpan<char> written = rest[..colon];
            bool bracketed = written.Length > 2 && written[0] == '[' && written[^1] == ']';
            if (
                !IPAddress.TryParse(bracketed ? written[1..^1] : written, out IPAddress? parsed)
                || parsed.AddressFamily == AddressFamily.InterNetworkV6 != bracketed
            )
            {
                error =
                    $"-p {text}: the host address '{written}' is not an IP address (IPv6 addresses stand in brackets).";
                return false;
            }

            address = parsed;
            rest = rest[(colon + 1)..];
        }

        if (!TryPort(rest, 0, out int outer))
        {
            error =
                $"-p {text}: the host's port '{rest}' is not a number from 0 (any free one) to 65535.";
            return false;
        }

        error = null;
        port = new PublishedPort(new IPEndPoint(address, outer), inner, protocol);
        return true;
    }

    /// <summary>The canonical form, which <see cref="TryParse"/> reads back.</summary>
    public override string ToString() => $"{Host}:{Port}/{ProtocolName}";

    private static bool TryPort(ReadOnlySpan<char> text, int minimum, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port >= minimum
        && port <= 65535;
}
