namespace Morgana.Net;

/// <summary>
/// Draws the identification of datagrams: unpredictable, so that nobody can slip fragments in from afar (RFC 7739 gives the reasons), and
/// not the same as any of the last 4,096, so that fragments of two datagrams do not mix (RFC 6864 section 5.1).
/// </summary>
internal sealed class Ipv4Identification(RandomStream random)
{
    public const int Distance = 4096;

    private readonly ulong[] _recent = new ulong[65536 / 64];
    private readonly ushort[] _ring = new ushort[Distance];
    private int _position;
    private int _count;

    public ushort Next()
    {
        ushort value;
        // At most one in sixteen numbers is taken, so this ends soon whatever the generator does well; the bound is for one that does not.
        int attempts = 0;
        do
        {
            value = random.NextUInt16();
        } while (IsRecent(value) && ++attempts < 64);

        if (_count == Distance)
        {
            ushort oldest = _ring[_position];
            _recent[oldest >> 6] &= ~(1UL << (oldest & 63));
        }
        else
        {
            _count++;
        }

        _ring[_position] = value;
        _position = (_position + 1) % Distance;
        _recent[value >> 6] |= 1UL << (value & 63);
        return value;
    }

    private bool IsRecent(ushort value) => (_recent[value >> 6] >> (value & 63) & 1) != 0;
}
