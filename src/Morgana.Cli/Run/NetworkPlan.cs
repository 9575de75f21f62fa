using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run;

/// <summary>
/// The addresses of the private network between an image and its TAP device, worked out from the image's own
/// arguments. Pure.
/// </summary>
/// <param name="Unikernel">The image's address: <c>--ipv4</c>, else 10.0.0.2.</param>
/// <param name="Tap">The TAP's address: <c>--ipv4-gateway</c>, else 10.0.0.1 or the first free one of the prefix.</param>
/// <param name="PrefixLength">Length of the network prefix in bits, 1 to 30; 24 unless <c>--ipv4</c> gives one.</param>
/// <param name="Host">
/// An address of the prefix for the host's end of the link into the namespace: the highest free one. Null when
/// the prefix has none to spare.
/// </param>
internal sealed record NetworkPlan(
    IPAddress Unikernel,
    IPAddress Tap,
    int PrefixLength,
    IPAddress? Host
)
{
    /// <summary>Reads <c>--ipv4</c> and <c>--ipv4-gateway</c> among the image's arguments.</summary>
    /// <exception cref="RunException">An address is malformed, or the two do not fit together.</exception>
    public static NetworkPlan FromArguments(IReadOnlyList<string> arguments)
    {
        string prefixed = Value(arguments, "--ipv4") ?? "10.0.0.2/24";
        string? gateway = Value(arguments, "--ipv4-gateway");
        int slash = prefixed.IndexOf('/', StringComparison.Ordinal);
        int length = 0;
        if (
            !TryParse(slash < 0 ? prefixed : prefixed[..slash], out uint unikernel)
            || (
                slash >= 0
                && !int.TryParse(
                    prefixed.AsSpan(slash + 1),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out length
                )
            )
        )
        {
            throw new RunException(
                $"The image argument --ipv4={prefixed} is not an address with a prefix length, such as 10.0.0.2/24."
            );
        }

        if (slash < 0)
        {
            length = 24;
        }

        if (length is < 1 or > 30)
        {
            throw new RunException(
                $"The image argument --ipv4={prefixed} leaves no room for the TAP's address: the prefix length must "
                    + "be 1 to 30."
            );
        }

        uint mask = uint.MaxValue << (32 - length);
        uint network = unikernel & mask;
        uint broadcast = network | ~mask;
        if (unikernel == network || unikernel == broadcast)
        {
            throw new RunException(
                $"The image argument --ipv4={prefixed} is the network's own or its broadcast address. Choose one between."
            );
        }

        uint tap;
        if (gateway is not null)
        {
            if (!TryParse(gateway, out tap))
            {
                throw new RunException(
                    $"The image argument --ipv4-gateway={gateway} is not an IPv4 address."
                );
            }

            if ((tap & mask) != network || tap == unikernel || tap == network || tap == broadcast)
            {
                throw new RunException(
                    $"The image argument --ipv4-gateway={gateway} does not fit --ipv4={prefixed}: the gateway must be "
                        + "another address of the same network."
                );
            }
        }
        else
        {
            tap = unikernel == network + 1 ? network + 2 : network + 1;
        }

        uint host = broadcast - 1;
        while (host == unikernel || host == tap)
        {
            host--;
        }

        return new NetworkPlan(
            Address(unikernel),
            Address(tap),
            length,
            host > network ? Address(host) : null
        );
    }

    /// <summary>The value of an option written <c>NAME=VALUE</c> or <c>NAME VALUE</c>; the last one counts.</summary>
    private static string? Value(IReadOnlyList<string> arguments, string name)
    {
        string? value = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == name && i + 1 < arguments.Count)
            {
                value = arguments[i + 1];
            }
            else if (
                arguments[i].StartsWith(name, StringComparison.Ordinal)
                && arguments[i].Length > name.Length
                && arguments[i][name.Length] is '=' or ':'
            )
            {
                value = arguments[i][(name.Length + 1)..];
            }
        }

        return value;
    }

    private static bool TryParse(string text, out uint address)
    {
        address = 0;

        // Four decimal numbers, nothing of the older short forms that IPAddress takes.
        if (
            text.AsSpan().Count('.') != 3
            || !IPAddress.TryParse(text, out IPAddress? parsed)
            || parsed.AddressFamily != AddressFamily.InterNetwork
            || parsed.ToString() != text
        )
        {
            return false;
        }

        address = BinaryPrimitives.ReadUInt32BigEndian(parsed.GetAddressBytes());
        return true;
    }

    private static IPAddress Address(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}
