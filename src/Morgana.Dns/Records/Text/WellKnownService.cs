namespace Morgana.Dns;

/// <summary>The mnemonics of WKS that still occur in zones (RFC 1010's names); others are written as numbers.</summary>
internal static class WellKnownService
{
    private static readonly (string Name, int Port)[] Ports =
    [
        ("echo", 7),
        ("discard", 9),
        ("daytime", 13),
        ("ftp-data", 20),
        ("ftp", 21),
        ("ssh", 22),
        ("telnet", 23),
        ("smtp", 25),
        ("time", 37),
        ("domain", 53),
        ("tftp", 69),
        ("finger", 79),
        ("http", 80),
        ("pop3", 110),
        ("sunrpc", 111),
        ("nntp", 119),
        ("ntp", 123),
        ("imap", 143),
        ("snmp", 161),
        ("https", 443),
    ];

    public static int PortOf(ReadOnlySpan<char> name)
    {
        foreach ((string known, int port) in Ports)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return port;
            }
        }

        return -1;
    }

    public static int ProtocolOf(ReadOnlySpan<char> name) =>
        name.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? 6
        : name.Equals("udp", StringComparison.OrdinalIgnoreCase) ? 17
        : -1;
}
