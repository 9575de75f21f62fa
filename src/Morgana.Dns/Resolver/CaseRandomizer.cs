namespace Morgana.Dns;

/// <summary>
/// Gives each letter of a name a random case ("0x20"). Servers repeat the question as it was asked, so each letter adds a bit that a
/// forger must guess beside the id and the port.
/// </summary>
internal static class CaseRandomizer
{
    public static void Randomize(Span<byte> wire, RandomNumbers random)
    {
        uint bits = 0;
        int left = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (ref byte b in wire.Slice(at + 1, wire[at]))
            {
                byte lower = NameBytes.ToLower(b);
                if (lower is < (byte)'a' or > (byte)'z')
                {
                    continue;
                }

                if (left == 0)
                {
                    bits = random.NextUInt32();
                    left = 32;
                }

                b = (bits & 1) == 0 ? lower : (byte)(lower & ~0x20);
                bits >>= 1;
                left--;
            }
        }
    }
}
