using System.Numerics;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>
/// Which units are free: five bits a unit, and nothing that grows. It is not on the disk: what the tree does not reach is free. Units that a batch
/// takes out of the tree are free when it is committed and nobody reads any more who began before. May be used by several threads.
/// </summary>
internal sealed class FreeSpace
{
    private readonly Lock _gate = new();
    private readonly Geometry _geometry;

    /// <summary>Not to be written: reached by the tree, taken by the batch, or still being read.</summary>
    private readonly ulong[] _used;

    /// <summary>Taken by the batch that is being made.</summary>
    private readonly ulong[] _taken;

    /// <summary>Reached by the tree, but no longer when the batch is committed.</summary>
    private readonly ulong[] _dropped;

    // Dropped by batches since the last turn, and in the turn before it.
    private ulong[] _heldNow;
    private ulong[] _heldBefore;
    private bool _isHeldNow;
    private bool _isHeldBefore;
    private int _readersNow;
    private int _readersBefore;
    private long _turn;
    private uint _cursor;

    public FreeSpace(Superblock current)
    {
        Geometry geometry = current.Geometry;
        Current = current;
        _geometry = geometry;
        int words = (int)((geometry.UnitCount + 63L) / 64);
        _used = new ulong[words];
        _taken = new ulong[words];
        _dropped = new ulong[words];
        _heldNow = new ulong[words];
        _heldBefore = new ulong[words];
        _cursor = geometry.FirstUnit;
        Free = geometry.UnitCount;
        for (uint unit = 0; unit < geometry.FirstUnit; unit++)
        {
            Set(_used, unit);
            Free--;
        }

        // What the last word has too many is never free.
        for (ulong unit = geometry.UnitCount; unit < (ulong)words * 64; unit++)
        {
            _used[unit >> 6] |= 1UL << (int)(unit & 63);
        }
    }

    /// <summary>The state that new readers see.</summary>
    public Superblock Current { get; private set; }

    /// <summary>Units that can be taken.</summary>
    public long Free { get; private set; }

    /// <summary>Notes what the tree reaches, while a store is opened.</summary>
    /// <returns>False when something reaches it already.</returns>
    public bool TryMark(Extent extent)
    {
        for (uint i = 0; i < extent.Count; i++)
        {
            if (IsSet(_used, extent.First + i))
            {
                return false;
            }

            Set(_used, extent.First + i);
            Free--;
        }

        return true;
    }

    /// <summary>Takes units for the batch: as many as wanted if so many lie together, else the most that do.</summary>
    /// <param name="wanted">At least 1.</param>
    /// <param name="reserve">Units that must stay free.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>False when there are none.</returns>
    public bool TryTake(int wanted, int reserve, out uint first, out int count)
    {
        lock (_gate)
        {
            first = 0;
            count = 0;
            wanted = (int)Math.Min(wanted, Free - reserve);
            if (wanted <= 0)
            {
                return false;
            }

            (first, count) = Search(_cursor, _geometry.UnitCount, wanted);
            if (count < wanted)
            {
                (uint other, int length) = Search(_geometry.FirstUnit, _geometry.UnitCount, wanted);
                if (length > count)
                {
                    (first, count) = (other, length);
                }
            }

            for (uint i = 0; i < count; i++)
            {
                Set(_used, first + i);
                Set(_taken, first + i);
            }

            Free -= count;
            _cursor = first + (uint)count;
            if (_cursor >= _geometry.UnitCount)
            {
                _cursor = _geometry.FirstUnit;
            }

            return true;
        }
    }

    /// <summary>The batch needs these no longer: units of its own are free at once, others when it is committed.</summary>
    public void Drop(Extent extent)
    {
        lock (_gate)
        {
            for (uint i = 0; i < extent.Count; i++)
            {
                uint unit = extent.First + i;
                if (IsSet(_taken, unit))
                {
                    Clear(_taken, unit);
                    Clear(_used, unit);
                    Free++;
                }
                else
                {
                    Set(_dropped, unit);
                }
            }
        }
    }

    /// <summary>Gives back what the batch has taken, as if it had never been.</summary>
    public void RollBack()
    {
        lock (_gate)
        {
            for (int i = 0; i < _used.Length; i++)
            {
                Free += BitOperations.PopCount(_taken[i]);
                _used[i] &= ~_taken[i];
            }

            Array.Clear(_taken);
            Array.Clear(_dropped);
        }
    }

    /// <summary>The batch is on the disk: new readers see what it has made.</summary>
    public void Commit(Superblock next)
    {
        lock (_gate)
        {
            Current = next;
            for (int i = 0; i < _used.Length; i++)
            {
                _heldNow[i] |= _dropped[i];
            }

            _isHeldNow = true;

            Array.Clear(_taken);
            Array.Clear(_dropped);
            // Twice: what was dropped just now is let go when there are no readers at all.
            Turn();
            Turn();
        }
    }

    /// <summary>Somebody begins to read: what is reachable now stays until the pin is disposed of.</summary>
    /// <param name="current">What is reachable now.</param>
    public ReadPin Pin(out Superblock current)
    {
        lock (_gate)
        {
            _readersNow++;
            current = Current;
            return new ReadPin(this, _turn);
        }
    }

    internal void Unpin(long turn)
    {
        lock (_gate)
        {
            if (turn == _turn)
            {
                _readersNow--;
            }
            else
            {
                _readersBefore--;
            }

            Turn();
            Turn();
        }
    }

    /// <summary>
    /// When all readers of the turn before are done, nobody can see what was dropped in it. Readers of this turn then are those of the turn before.
    /// </summary>
    private void Turn()
    {
        if (_readersBefore > 0 || !(_isHeldNow || _isHeldBefore))
        {
            return;
        }

        if (_isHeldBefore)
        {
            for (int i = 0; i < _used.Length; i++)
            {
                Free += BitOperations.PopCount(_heldBefore[i]);
                _used[i] &= ~_heldBefore[i];
            }

            Array.Clear(_heldBefore);
        }

        (_heldBefore, _heldNow) = (_heldNow, _heldBefore);
        (_isHeldBefore, _isHeldNow) = (_isHeldNow, false);
        (_readersBefore, _readersNow) = (_readersNow, 0);
        _turn++;
    }

    /// <summary>The first run of so many free units between two places, else the longest.</summary>
    private (uint First, int Count) Search(uint begin, uint end, int wanted)
    {
        uint best = 0;
        int most = 0;
        uint unit = begin;
        while (unit < end)
        {
            ulong rest = _used[unit >> 6] >> (int)(unit & 63);
            if ((rest & 1) != 0)
            {
                // To the next free unit, or to the next word.
                uint skip = Math.Min(
                    (uint)BitOperations.TrailingZeroCount(~rest),
                    64 - (unit & 63)
                );
                unit += skip;
                continue;
            }

            uint run = unit;
            while (unit < end && unit - run < wanted && !IsSet(_used, unit))
            {
                unit++;
            }

            if ((int)(unit - run) > most)
            {
                (best, most) = (run, (int)(unit - run));
                if (most == wanted)
                {
                    break;
                }
            }
        }

        return (best, most);
    }

    private static bool IsSet(ulong[] bits, uint unit) =>
        (bits[unit >> 6] & (1UL << (int)(unit & 63))) != 0;

    private static void Set(ulong[] bits, uint unit) => bits[unit >> 6] |= 1UL << (int)(unit & 63);

    private static void Clear(ulong[] bits, uint unit) =>
        bits[unit >> 6] &= ~(1UL << (int)(unit & 63));
}
