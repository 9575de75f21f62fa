namespace Morgana.Dns;

/// <summary>
/// Decides how much of a name the servers of a zone are asked for: a label more than the zone has, until a referral or the whole name (RFC 9156, the relaxed
/// way: a server that stumbles gets the whole question).
/// </summary>
internal sealed class NameMinimiser
{
    /// <summary>Most questions for parts of one name (RFC 9156 section 2.3, MAX_MINIMISE_COUNT).</summary>
    private const int MaxSteps = 10;

    /// <summary>So many steps take one label each; then they get longer (MINIMISE_ONE_LAB).</summary>
    private const int SingleSteps = 4;

    private int _labels;
    private int _steps;
    private bool _whole;

    /// <summary>A part of the name that a server denied, to be believed if it denies the whole as well.</summary>
    public DnsName? Denied { get; private set; }

    /// <summary>Another name is looked for.</summary>
    public void Reset()
    {
        _steps = 0;
        Enter(0);
    }

    /// <summary>Another zone is asked.</summary>
    public void Enter(int zoneLabels)
    {
        _labels = zoneLabels;
        _whole = false;
        Denied = null;
    }

    /// <summary>This part of the name was answered without a referral.</summary>
    public void Advance(DnsName part)
    {
        _steps++;
        _labels = Math.Max(_labels, part.LabelCount);
    }

    /// <summary>From now on the zone is asked the whole question.</summary>
    public void GiveUp(DnsName? denied)
    {
        _whole = true;
        Denied = denied;
    }

    /// <summary>What to ask next.</summary>
    public Question Next(Question whole, ResolverMachine machine)
    {
        if (!machine.Options.MinimiseNames)
        {
            return whole;
        }

        int total = whole.Name.LabelCount;
        while (!_whole && _steps < MaxSteps)
        {
            int left = total - _labels;
            int stride =
                _steps < SingleSteps
                    ? 1
                    : Math.Max(1, (left + MaxSteps - _steps - 1) / (MaxSteps - _steps));
            int next = _labels + stride;
            // Section 2.3: no zone begins at a label such as _tcp, so it is not asked for on its own.
            while (next < total && whole.Name.Ancestor(next).FirstLabel is [(byte)'_', ..])
            {
                next++;
            }

            if (next >= total)
            {
                break;
            }

            DnsName part = whole.Name.Ancestor(next);
            if (machine.Cache.Find(part.Wire, RecordType.A, CacheSlot.Data, machine.Now) is null)
            {
                return new Question(part, RecordType.A, whole.Class);
            }

            // Somebody asked already and was not referred from it, or is past that: the next label tells.
            _labels = next;
        }

        return whole;
    }
}
