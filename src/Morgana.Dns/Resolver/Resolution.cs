using System.Diagnostics;
using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// The work on one question: from zone to zone down the tree, asking one server at a time, and over again for each alias. It has at most
/// one question to a server open; while it has none it waits for addresses of servers that others look up for it.
/// </summary>
internal sealed class Resolution
{
    /// <summary>What servers are told to fit, in this order; a longer answer is asked for only after TC. The last may come in fragments.</summary>
    public static readonly ushort[] PayloadSizes = [1232, 4096];

    /// <summary>How often a server is asked the same before others must do.</summary>
    private const int MaxTries = 3;

    /// <summary>After so many timeouts of questions for a part of the name, the whole is asked for.</summary>
    private const int PartTimeoutsUntilWhole = 2;

    /// <summary>So many servers of a zone may give a delegation of no use until that is believed.</summary>
    private const int MaxDeadEnds = 2;

    private readonly ResolverMachine _machine;
    private readonly List<TimedSet> _chain = [];
    private readonly List<Candidate> _candidates = [];
    private readonly List<DnsName> _withoutAddress = [];
    private readonly NameMinimiser _minimiser = new();
    private DnsName _name;
    private Delegation? _zone;
    private UpstreamQuery? _query;
    private Candidate? _again;
    private int _chainBytes;
    private int _aliases;
    private int _zoneLookups;
    private bool _zoneIsCached;
    private bool _wentBack;
    private bool _stepping;
    private bool _skipCache;
    private bool _sawTruncation;
    private bool _sawTimeout;
    private int _partTimeouts;
    private int _deadEnds;

    public Resolution(
        ResolverMachine machine,
        Question question,
        WorkBudget budget,
        int depth,
        bool skipCache = false
    )
    {
        _machine = machine;
        _name = question.Name;
        _skipCache = skipCache;
        Question = question;
        Budget = budget;
        Depth = depth;
    }

    public Question Question { get; }

    public WorkBudget Budget { get; }

    /// <summary>How many questions for servers' addresses led here: 0 for a client's.</summary>
    public int Depth { get; }

    public bool IsDone { get; private set; }

    public List<ClientWaiter> Clients { get; } = [];

    /// <summary>Who waits for this, as for the address of a server.</summary>
    public List<Resolution> Parents { get; } = [];

    /// <summary>What this waits for.</summary>
    public List<Resolution> Children { get; } = [];

    /// <summary>For <see cref="ResolverMachine.DependsOn"/>.</summary>
    public int Mark { get; set; }

    private Question Whole => Question with { Name = _name };

    /// <summary>Goes on as far as it can.</summary>
    public void Step()
    {
        // A lookup that ends at once comes back here while the loop below is still at it.
        if (IsDone || _stepping || _query is not null)
        {
            return;
        }

        _stepping = true;
        while (!IsDone && _query is null && !IsWaiting())
        {
            if (_machine.Now >= Budget.Deadline)
            {
                Fail(
                    _sawTimeout ? ExtendedErrorCode.NoReachableAuthority : ExtendedErrorCode.Other,
                    "took too long"
                );
            }
            else if (_zone is null)
            {
                if (!TryConclude())
                {
                    Enter(_machine.FindZone(Whole), isCached: true);
                }
            }
            else
            {
                AskSomebody();
            }
        }

        _stepping = false;
    }

    private bool IsWaiting() => Children.Count > 0 && _zone is not null && !HasCandidate();

    private bool HasCandidate()
    {
        foreach (Candidate candidate in _candidates)
        {
            if (!candidate.IsDone)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Answers from what is known without asking; follows aliases on the way.</summary>
    private bool TryConclude()
    {
        while (!IsDone)
        {
            if (_machine.Local.TryAnswer(_name.Wire, Question.Type, out LocalAnswer local))
            {
                Conclude(local);
                return true;
            }

            CacheEntry? entry = _skipCache
                ? null
                : _machine.Cache.FindAnswer(_name.Wire, Question.Type, _machine.Now);
            _skipCache = false;
            switch (entry)
            {
                case null:
                    return false;
                case { Slot: CacheSlot.Failure }:
                    Fail(ExtendedErrorCode.CachedError, "failed a moment ago");
                    return true;
                case { Set: { } set } when set.Type == Question.Type:
                    if (Append(new TimedSet(set, entry.Expires)))
                    {
                        Finish(ResponseCode.NoError);
                    }

                    return true;
                case { Set: { } alias }:
                    Follow(new TimedSet(alias, entry.Expires));
                    break;
                default:
                    Finish(
                        entry.Slot == CacheSlot.NameError
                            ? ResponseCode.NameError
                            : ResponseCode.NoError,
                        entry.Soa,
                        entry.Expires
                    );
                    return true;
            }
        }

        return true;
    }

    private void Conclude(in LocalAnswer local)
    {
        Instant expires = _machine.Now + TimeSpan.FromSeconds(local.Soa.Ttl);
        if (local.Set is { } set)
        {
            if (Append(new TimedSet(set.WithName(_name), expires)))
            {
                Finish(local.Code);
            }
        }
        else
        {
            Finish(local.Code, local.Soa, expires);
        }
    }

    private void Enter(Delegation zone, bool isCached)
    {
        _zone = zone;
        _zoneIsCached = isCached;
        _zoneLookups = 0;
        _partTimeouts = 0;
        _deadEnds = 0;
        _again = null;
        _candidates.Clear();
        _withoutAddress.Clear();
        _minimiser.Enter(zone.Zone.LabelCount);
        foreach (NameServer server in zone.Servers)
        {
            if (server.Glue.Length > 0)
            {
                foreach (IpAddress address in server.Glue)
                {
                    AddCandidate(address);
                }
            }
            else if (!AddKnownAddresses(server.Name))
            {
                _withoutAddress.Add(server.Name);
            }
        }
    }

    private bool AddKnownAddresses(DnsName server)
    {
        bool known = false;
        foreach (RecordType type in _machine.AddressTypes)
        {
            if (
                _machine.Cache.Find(server.Wire, type, CacheSlot.Data, _machine.Now) is
                { Set: { } set }
            )
            {
                known = true;
                AddCandidates(set);
            }
        }

        return known;
    }

    private void AddCandidates(RecordSet set)
    {
        for (int i = 0; i < Math.Min(set.Count, 8); i++)
        {
            if (set.View(i).TryGetAddress(out IpAddress address))
            {
                AddCandidate(address);
            }
        }
    }

    private void AddCandidate(IpAddress address)
    {
        if (!_machine.MayAsk(address))
        {
            return;
        }

        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Server.Address == address)
            {
                return;
            }
        }

        ServerRecord server = _machine.Servers.Get(address);
        _candidates.Add(
            new Candidate(server)
            {
                IsDone = server.IsLameFor(_zone!.Zone, Question.Type, _machine.Now),
            }
        );
    }

    private void AskSomebody()
    {
        Debug.Assert(_zone is not null);
        Candidate? candidate = Choose();
        if (candidate is null || candidate.Server.IsDead(_machine.Now))
        {
            LookUpServers();
            // A lookup that ended at once may have brought better ones.
            candidate = Choose();
        }

        if (candidate is null)
        {
            if (Children.Count == 0 && !TryGoBack())
            {
                FailAtZone();
            }

            return;
        }

        if (!Budget.TakeQuery())
        {
            Fail(ExtendedErrorCode.Other, "takes too many queries");
            return;
        }

        _again = null;
        Question asked = _minimiser.Next(Whole, _machine);
        if (++candidate.Tries >= MaxTries)
        {
            candidate.IsDone = true;
        }

        _query = _machine.Ask(
            this,
            candidate.Server,
            asked,
            _zone,
            PayloadSizes[candidate.PayloadStep]
        );
        if (_query is null)
        {
            candidate.IsDone = true;
        }
    }

    private Candidate? Choose()
    {
        if (_again is { } again)
        {
            return again;
        }

        ServerRecord?[] servers = new ServerRecord?[_candidates.Count];
        int fewest = MaxTries;
        foreach (Candidate candidate in _candidates)
        {
            if (!candidate.IsDone && !candidate.Server.IsDead(_machine.Now))
            {
                fewest = Math.Min(fewest, candidate.Tries);
            }
        }

        for (int i = 0; i < servers.Length; i++)
        {
            // All have their turn before one is asked again.
            Candidate candidate = _candidates[i];
            servers[i] = candidate.IsDone || candidate.Tries > fewest ? null : candidate.Server;
        }

        int index = ServerTable.Choose(servers, _machine.Random, _machine.Now);
        return index < 0 ? null : _candidates[index];
    }

    /// <summary>Begins to look up the addresses of a few servers that came without. Few: a zone may name many that do not exist, in somebody else's zone.</summary>
    private void LookUpServers()
    {
        if (Depth >= _machine.Options.MaxLookupDepth)
        {
            _withoutAddress.Clear();
            return;
        }

        while (
            Children.Count < 2
            && _withoutAddress.Count > 0
            && _zoneLookups < _machine.Options.MaxServerLookupsPerZone
        )
        {
            if (!Budget.TakeLookup())
            {
                _withoutAddress.Clear();
                return;
            }

            int index = _machine.Random.Below(_withoutAddress.Count);
            DnsName name = _withoutAddress[index];
            _withoutAddress.RemoveAt(index);
            _zoneLookups++;
            foreach (RecordType type in _machine.AddressTypes)
            {
                _machine.LookUp(this, new Question(name, type));
            }

            if (HasCandidate())
            {
                return;
            }
        }
    }

    /// <summary>A server's address was looked up for this.</summary>
    public void TakeAddresses(Resolution child, Outcome outcome)
    {
        Children.Remove(child);
        if (IsDone)
        {
            return;
        }

        // RFC 2181 section 10.3: a server's name is no alias. And the zone may have changed meanwhile.
        if (_zone is not null && outcome is { Code: ResponseCode.NoError, Chain: [TimedSet only] })
        {
            foreach (NameServer server in _zone.Servers)
            {
                if (server.Name.Equals(child.Question.Name))
                {
                    AddCandidates(only.Set);
                    break;
                }
            }
        }

        Step();
    }

    /// <summary>A remembered delegation whose servers are all of no use may be out of date: asks the parent again, once.</summary>
    private bool TryGoBack()
    {
        if (!_zoneIsCached || _wentBack || _zone!.Zone.IsRoot)
        {
            return false;
        }

        _wentBack = true;
        _machine.Cache.RemoveDelegation(_zone.Zone);
        Enter(_machine.FindZone(Whole), isCached: true);
        return true;
    }

    /// <summary>A server answered.</summary>
    /// <param name="query">What it was asked.</param>
    /// <param name="reply">What it said.</param>
    /// <param name="chain">The reply's chain with the times until when it holds.</param>
    /// <param name="denied">Until when the reply's denial holds.</param>
    /// <param name="delegation">For a referral: to whom, if it is usable.</param>
    public void TakeReply(
        UpstreamQuery query,
        Reply reply,
        IReadOnlyList<TimedSet> chain,
        Instant denied,
        Delegation? delegation
    )
    {
        _query = null;
        if (IsDone)
        {
            return;
        }

        Candidate? candidate = CandidateOf(query.Server);
        if (query.Asked == Whole)
        {
            TakeWhole(query, reply, chain, denied, delegation, candidate);
        }
        else
        {
            TakePart(query, reply, delegation, candidate);
        }

        Step();
    }

    private void TakeWhole(
        UpstreamQuery query,
        Reply reply,
        IReadOnlyList<TimedSet> chain,
        Instant denied,
        Delegation? delegation,
        Candidate? candidate
    )
    {
        switch (reply.Kind)
        {
            case ReplyKind.Answer:
                if (Append(chain))
                {
                    Finish(ResponseCode.NoError);
                }

                break;
            case ReplyKind.Alias:
                if (Append(chain))
                {
                    Continue(reply.Target);
                }

                break;
            case ReplyKind.NoData:
                if (Append(chain))
                {
                    Finish(ResponseCode.NoError, reply.Soa, denied);
                }

                break;
            case ReplyKind.NameError:
                if (reply.Soa is { } soa && reply.Target.Equals(_name))
                {
                    _machine.PutNameErrorAbove(_minimiser.Denied, _name, soa);
                }

                if (Append(chain))
                {
                    Finish(ResponseCode.NameError, reply.Soa, denied);
                }

                break;
            case ReplyKind.NameTooLong:
                if (Append(chain))
                {
                    Finish(ResponseCode.NameExists);
                }

                break;
            case ReplyKind.Referral when delegation is not null:
                Enter(delegation, isCached: false);
                break;
            case ReplyKind.EdnsRefused:
                AskAgain(candidate);
                break;
            case ReplyKind.Truncated:
                _sawTruncation = true;
                if (!query.Edns && query.Server.TryEdnsAgain())
                {
                    AskAgain(candidate);
                }
                else if (
                    query.Edns
                    && candidate is not null
                    && candidate.PayloadStep < PayloadSizes.Length - 1
                )
                {
                    candidate.PayloadStep++;
                    AskAgain(candidate);
                }
                else
                {
                    candidate?.IsDone = true;
                }

                break;
            case ReplyKind.Referral:
                // The delegation is of no use, which is not the fault of who gave it.
                candidate?.IsDone = true;
                if (++_deadEnds >= MaxDeadEnds)
                {
                    Fail(
                        ExtendedErrorCode.NoReachableAuthority,
                        $"no server of {reply.Servers!.Name} has an address that can be asked"
                    );
                }

                break;
            case ReplyKind.Lame:
                query.Server.WasLameFor(query.Zone, query.Asked.Type, _machine.Now);
                candidate?.IsDone = true;
                break;
            default:
                candidate?.IsDone = true;
                break;
        }
    }

    // The question was for a part of the name only, to find the next zone (RFC 9156).
    private void TakePart(
        UpstreamQuery query,
        Reply reply,
        Delegation? delegation,
        Candidate? candidate
    )
    {
        switch (reply.Kind)
        {
            case ReplyKind.Referral when delegation is not null:
                Enter(delegation, isCached: false);
                break;
            case ReplyKind.Answer or ReplyKind.Alias or ReplyKind.NoData:
                // No zone begins here: the same servers are asked for more of the name.
                _minimiser.Advance(query.Asked.Name);
                candidate?.Tries = 0;
                candidate?.IsDone = false;
                break;
            case ReplyKind.EdnsRefused:
                AskAgain(candidate);
                break;
            case ReplyKind.NameError:
                // Some servers deny a name that has nothing but names below it. They get the whole question before they are believed.
                // An alias that leads to nothing exists itself.
                _minimiser.GiveUp(reply.Target.Equals(query.Asked.Name) ? query.Asked.Name : null);
                AskAgain(candidate);
                break;
            default:
                // Some servers only answer questions that somebody would ask.
                _minimiser.GiveUp(null);
                AskAgain(candidate);
                break;
        }
    }

    /// <summary>The question open for this was not answered in time, or was reported lost.</summary>
    public void TakeTimeout()
    {
        // Some servers are silent about names that have nothing but names below them.
        if (
            _query is { } query
            && query.Asked != Whole
            && ++_partTimeouts >= PartTimeoutsUntilWhole
        )
        {
            _minimiser.GiveUp(null);
        }

        _query = null;
        _sawTimeout = true;
        Step();
    }

    private void AskAgain(Candidate? candidate)
    {
        // Another's question may have been joined, at a server that is not among the candidates here.
        if (candidate is null)
        {
            return;
        }

        candidate.Tries = Math.Max(0, candidate.Tries - 1);
        candidate.IsDone = false;
        _again = candidate;
    }

    private Candidate? CandidateOf(ServerRecord server)
    {
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Server == server)
            {
                return candidate;
            }
        }

        return null;
    }

    private bool Append(IReadOnlyList<TimedSet> links)
    {
        foreach (TimedSet link in links)
        {
            if (!Append(link))
            {
                return false;
            }
        }

        return true;
    }

    private bool Append(TimedSet link)
    {
        _chainBytes += link.Set.MemorySize;
        if (_chainBytes > _machine.Options.MaxChainBytes && _chain.Count > 0)
        {
            Fail(ExtendedErrorCode.Other, "the answer is too long");
            return false;
        }

        if (link.Set.Type != Question.Type && ++_aliases > _machine.Options.MaxAliases)
        {
            Fail(ExtendedErrorCode.Other, "too many aliases");
            return false;
        }

        _chain.Add(link);
        return true;
    }

    private void Follow(TimedSet alias)
    {
        if (Append(alias) && DnsName.TryRead(alias.Set[0], out DnsName target))
        {
            Continue(target);
        }
    }

    private void Continue(DnsName target)
    {
        foreach (TimedSet link in _chain)
        {
            if (link.Set.Type == RecordType.Cname && link.Set.Name.Equals(target))
            {
                Fail(ExtendedErrorCode.Other, "aliases go in a circle");
                return;
            }
        }

        _name = target;
        _zone = null;
        _wentBack = false;
        _minimiser.Reset();
    }

    private void FailAtZone()
    {
        string zone = _zone!.Zone.ToString();
        if (_sawTruncation)
        {
            Fail(ExtendedErrorCode.Other, $"too long for UDP, and TCP is not there yet: {zone}");
        }
        else
        {
            Fail(ExtendedErrorCode.NoReachableAuthority, $"at zone {zone}");
        }
    }

    private void Fail(ExtendedErrorCode error, string detail) => End(Outcome.Failed(error, detail));

    private void Finish(ResponseCode code, RecordSet? soa = null, Instant soaExpires = default) =>
        End(
            new Outcome
            {
                Code = code,
                Chain = code == ResponseCode.ServerFailure ? [] : _chain,
                Soa = soa,
                SoaExpires = soaExpires,
            }
        );

    private void End(Outcome outcome)
    {
        IsDone = true;
        _machine.Finish(this, outcome);
    }
}
