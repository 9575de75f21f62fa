namespace Morgana.Net;

/// <summary>
/// Options are skipped, with one exception: a datagram that carries a source route is not taken, because it lets its sender choose a
/// way around filters (RFC 7126 sections 4.3.5 and 4.4.5).
/// </summary>
internal static class Ipv4Options
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte LooseSourceRoute = 131;
    private const byte StrictSourceRoute = 137;

    /// <summary>Walks the options as far as they are well-formed; what follows a broken one is not looked at.</summary>
    public static bool HasSourceRoute(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != EndOfList)
        {
            if (options[0] is LooseSourceRoute or StrictSourceRoute)
            {
                return true;
            }

            int length =
                options[0] == NoOperation ? 1
                : options.Length > 1 ? options[1]
                : 0;
            if (
                length == 0
                || (length == 1 && options[0] != NoOperation)
                || length > options.Length
            )
            {
                return false;
            }

            options = options[length..];
        }

        return false;
    }
}
