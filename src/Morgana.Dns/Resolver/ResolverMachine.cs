using Microsoft.Extensions.Logging;
using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// A resolver without I/O and clock: clients' messages, servers' datagrams and the time go in; questions to servers and answers come out of
/// <see cref="IResolverOutput"/>. The driver <see cref="RecursiveResolver"/> puts sockets and a timer around it; tests drive it directly.
/// </summary>
internal sealed class ResolverMachine
{
    /// <summary>The largest datagram from a server that is looked at.</summary>
    private const int MaxReply = 4096;

    /// <summary>After so many datagrams to a port that are no answer, the port is given up: somebody is guessing.</summary>
    private const int MaxStrays = 16;

    private readonly IResolverOutput _output;
    private readonly ILogger? _logger;
    private readonly Dictionary<Question, Resolution> _resolutions = [];
    private readonly Dictionary<(Question Asked, DnsName Zone), UpstreamQuery> _open = [];
    private readonly Queue<(Resolution Parent, Resolution Child, Outcome Outcome)> _told = new();
    private readonly DeadlineHeap _deadlines = new();
    private readonly byte[] _message = new byte[512];
    private readonly byte[] _answer = new byte[AnswerWriter.MaxPayload];
    private readonly ReadyAnswers _ready;
    private readonly ReplyMatcher _matcher = new(MaxReply);
    private readonly ReplyKeeper _keeper;
    private readonly Delegation _hints;
    private Delegation? _root;
    private Instant _nextPriming;
    private int _waiting;
    private long _failures;
    private int _mark;

    public ResolverMachine(
        ResolverOptions options,
        IRandom random,
        IResolverOutput output,
        ILogger? logger = null
    )
    {
        _output = output;
        _logger = logger;
        Options = options;
        Random = new RandomNumbers(random);
        Cache = new DnsCache(options.Cache);
        Servers = new ServerTable(options.MaxServers);
        Local = new LocalZones(options);
        AddressTypes = options.UseIpv6 ? [RecordType.A, RecordType.Aaaa] : [RecordType.A];
        _hints = new Delegation(DnsName.Root, options.RootHints.NameServers(), Instant.Never);
        _ready = new ReadyAnswers(options, Cache, Local);
        _keeper = new ReplyKeeper(options, Cache);
    }

    public ResolverOptions Options { get; }

    public DnsCache Cache { get; }

    public ServerTable Servers { get; }

    public LocalZones Local { get; }

    public RandomNumbers Random { get; }

    /// <summary>The types in which servers' addresses are looked for.</summary>
    public RecordType[] AddressTypes { get; }

    /// <summary>The time of the input at hand.</summary>
    public Instant Now { get; private set; }

    /// <summary>When <see cref="PassTime"/> must be called, if nothing else comes before.</summary>
    public Instant NextDeadline => _deadlines.Next;

    public int InFlight => _resolutions.Count;

    public int OpenQueries => _deadlines.Count;

    public long Questions { get; private set; }

    public long CacheAnswers { get; private set; }

    public long Joined { get; private set; }

    public long Failures => _failures + _ready.CachedFailures;

    public long Overloads { get; private set; }

    public long Sent { get; private set; }

    public long Timeouts { get; private set; }

    public long Strays { get; private set; }

    public ResolverCounters Counters =>
        new()
        {
            Questions = Questions,
            CacheAnswers = CacheAnswers,
            Joined = Joined,
            Failures = Failures,
            Overloads = Overloads,
            Sent = Sent,
            Timeouts = Timeouts,
            Strays = Strays,
            CacheCount = Cache.Count,
            CacheBytes = Cache.Bytes,
            InFlight = InFlight,
        };

    /// <summary>Takes a client's message.</summary>
    /// <param name="message">Anything.</param>
    /// <param name="peer">Who sent it.</param>
    /// <param name="now">The time; never goes back.</param>
    /// <param name="answer">Where an immediate answer goes, at least 512 bytes.</param>
    /// <returns>Length of the immediate answer; 0 when it comes later or never.</returns>
    public int TakeQuery(ReadOnlySpan<byte> message, DnsPeer peer, Instant now, Span<byte> answer)
    {
        Now = now;
        // Answering an answer could go on for ever between two servers.
        if (!MessageReader.TryCreate(message, out MessageReader reader) || reader.Header.IsResponse)
        {
            return 0;
        }

        Questions++;
        DnsHeader header = reader.Header;
        ClientRequest request = new(header.Id, header.Flags, header.Opcode, Edns: false, 512);
        if (header.Opcode != Opcode.Query)
        {
            return ReadyAnswers.Refuse(answer, request, ResponseCode.NotImplemented);
        }

        if (
            header.QuestionCount != 1
            || header.AnswerCount != 0
            || header.IsTruncated
            || !reader.TryReadQuestion(out QuestionView question)
            || reader.ReadToEnd(out EdnsView edns, out bool hasEdns) != WireError.None
        )
        {
            return ReadyAnswers.Refuse(answer, request, ResponseCode.FormatError);
        }

        // The first name of a message has nothing before it to point to, so it is contiguous.
        _ = question.Name.TryGetWire(out ReadOnlySpan<byte> name);
        if (hasEdns)
        {
            request = request with
            {
                Edns = true,
                PayloadSize = Math.Max(512, (int)edns.PayloadSize),
            };
            if (edns.Version > 0)
            {
                MessageWriter version = AnswerWriter.Begin(
                    answer,
                    request,
                    name,
                    question.Type,
                    question.Class
                );
                return AnswerWriter.Finish(ref version, request, ResponseCode.BadVersion);
            }
        }

        if (
            question.Class != RecordClass.Internet
            || question.Type.IsMeta()
            || question.Type is RecordType.None
        )
        {
            return _ready.Special(answer, request, name, question);
        }

        int length = _ready.TryAnswer(answer, request, name, question.Type, now);
        if (length > 0)
        {
            CacheAnswers++;
            return length;
        }

        if (!request.RecursionDesired)
        {
            return ReadyAnswers.Refuse(
                answer,
                request,
                name,
                question,
                ExtendedErrorCode.NotAuthoritative
            );
        }

        return Resolve(answer, request, question.ToQuestion(), peer);
    }

    /// <summary>Takes a datagram that came to the port of a question.</summary>
    public void TakeReply(
        UpstreamQuery query,
        IpEndpoint source,
        ReadOnlySpan<byte> message,
        Instant now
    )
    {
        Now = now;
        if (!query.IsOpen)
        {
            Strays++;
            return;
        }

        if (
            source.Port != DnsUdpServer.DefaultPort
            || source.Address != query.Server.Address
            || message.Length > MaxReply
        )
        {
            TakeStray(query);
            return;
        }

        switch (ReplyMatcher.Match(query, message))
        {
            case ReplyMatch.None:
                TakeStray(query);
                return;
            case ReplyMatch.OtherCase:
                // Whoever forged this guessed id and port; asking anew makes him guess both once more.
                query.Server.LostCase(now);
                Close(query);
                foreach (Resolution owner in query.Owners)
                {
                    owner.TakeTimeout();
                }

                TellParents();
                return;
        }

        query.Server.Answered(now - query.SentAt, query.Edns, now);
        Close(query);
        Reply reply = ReplyReader.Read(
            _matcher.WithoutRandomCase(query, message),
            query.Zone,
            query.Asked,
            query.Edns
        );
        if (reply.Kind == ReplyKind.EdnsRefused)
        {
            query.Server.RefusesEdns(now);
        }

        Learn(query, reply);
        TellParents();
    }

    /// <summary>The network reports that a question got lost. It may be forged: it counts no more than that no answer came.</summary>
    public void TakeLoss(UpstreamQuery query, Instant now)
    {
        Now = now;
        if (query.IsOpen)
        {
            GiveUp(query);
            TellParents();
        }
    }

    /// <summary>Gives up the questions whose time is over.</summary>
    public void PassTime(Instant now)
    {
        Now = now;
        while (_deadlines.First is { } query && query.Deadline <= now)
        {
            GiveUp(query);
            TellParents();
        }
    }

    /// <summary>Closes all ports.</summary>
    public void Stop()
    {
        while (_deadlines.First is { } query)
        {
            Close(query);
        }
    }

    /// <summary>The delegation to begin a question with.</summary>
    public Delegation FindZone(in Question question)
    {
        // The parent has the DS of a zone (RFC 4035 section 3.1.4.1).
        DnsName start = question.Type == RecordType.Ds ? question.Name.Parent : question.Name;
        return Cache.FindDelegation(start.Wire, Now) ?? Root();
    }

    /// <summary>Whether an address can belong to a server.</summary>
    public bool MayAsk(IpAddress address) => _keeper.MayAsk(address);

    /// <summary>Sends a question, or joins the same question for the same zone that is open already.</summary>
    /// <returns>Null when it could not be sent.</returns>
    public UpstreamQuery? Ask(
        Resolution owner,
        ServerRecord server,
        in Question asked,
        Delegation delegation,
        ushort payloadSize
    )
    {
        DnsName zone = delegation.Zone;
        // Two equal questions at once would give a forger two chances with each guess.
        if (_open.TryGetValue((asked, zone), out UpstreamQuery? open))
        {
            open.Owners.Add(owner);
            return open;
        }

        bool edns = !server.IsPlain(Now);
        bool randomCase = Options.RandomiseCase && !server.LosesCase(Now);
        byte[] name = asked.Name.Wire.ToArray();
        if (randomCase)
        {
            CaseRandomizer.Randomize(name, Random);
        }

        Instant deadline = Now + server.Timeout;
        bool cutShort = owner.Budget.Deadline < deadline;
        UpstreamQuery query = new()
        {
            Asked = asked,
            Zone = zone,
            ZoneExpires = delegation.Expires,
            Server = server,
            Id = Random.NextUInt16(),
            SentName = name,
            ExactCase = randomCase,
            Edns = edns,
            SentAt = Now,
            Deadline = cutShort ? owner.Budget.Deadline : deadline,
            IsCutShort = cutShort,
        };
        MessageWriter writer = new(_message)
        {
            // RD is off: authorities are asked for what they have.
            Header = new DnsHeader(query.Id, HeaderFlags.None),
        };
        _ = writer.TryWriteQuestion(
            new QuestionView(DnsNameView.FromWire(name), asked.Type, asked.Class)
        );
        if (edns)
        {
            _ = writer.TryWriteEdns(payloadSize, ResponseCode.NoError, dnssecOk: false);
        }

        int length = writer.Finish();
        if (_logger is not null)
        {
            ResolverLog.Asking(_logger, server.Address, asked, zone);
        }

        if (
            !_output.Send(
                query,
                new IpEndpoint(server.Address, DnsUdpServer.DefaultPort),
                _message.AsSpan(0, length)
            )
        )
        {
            query.IsOpen = false;
            _output.Close(query);
            return null;
        }

        Sent++;
        query.Owners.Add(owner);
        _open.Add((asked, zone), query);
        _deadlines.Add(query);
        return query;
    }

    /// <summary>
    /// Looks up the address of a server for a question that needs it. When that is known or failing already, or it would wait for itself,
    /// nothing begins; else the parent is told when it is done.
    /// </summary>
    public void LookUp(Resolution parent, in Question question)
    {
        if (_resolutions.TryGetValue(question, out Resolution? child))
        {
            if (!DependsOn(child, parent))
            {
                child.Parents.Add(parent);
                parent.Children.Add(child);
            }

            return;
        }

        if (_resolutions.Count >= Options.MaxInFlight)
        {
            return;
        }

        child = new Resolution(this, question, parent.Budget, parent.Depth + 1);
        _resolutions.Add(question, child);
        child.Parents.Add(parent);
        parent.Children.Add(child);
        child.Step();
    }

    /// <summary>Keeps that a name does not exist; and the part of it that was denied before, if that is the SOA's to deny.</summary>
    public void PutNameErrorAbove(DnsName? part, DnsName name, RecordSet soa)
    {
        Cache.PutNameError(
            part is { } denied && name.IsAtOrBelow(denied) && denied.IsBelow(soa.Name)
                ? denied
                : name,
            soa,
            Now
        );
    }

    /// <summary>A question is done: everybody who waits for it is told.</summary>
    public void Finish(Resolution resolution, Outcome outcome)
    {
        _resolutions.Remove(resolution.Question);
        if (_logger is not null && resolution.Depth == 0)
        {
            TimeSpan taken = Now - resolution.Budget.Deadline + Options.MaxTime;
            ResolverLog.Finished(
                _logger,
                resolution.Question,
                outcome.Code,
                (long)taken.TotalMilliseconds
            );
        }

        if (outcome.Code == ResponseCode.ServerFailure && resolution.Depth == 0)
        {
            if (outcome.Error != ExtendedErrorCode.CachedError)
            {
                Cache.PutFailure(resolution.Question.Name, resolution.Question.Type, Now);
            }

            if (
                resolution.Question is { Type: RecordType.Ns, Name.IsRoot: true }
                && _logger is not null
            )
            {
                ResolverLog.RootUnreachable(_logger, Options.RootHints);
            }
        }

        _waiting -= resolution.Clients.Count;
        foreach (ClientWaiter client in resolution.Clients)
        {
            _failures += outcome.Code == ResponseCode.ServerFailure ? 1 : 0;
            int length = AnswerWriter.Write(
                _answer,
                client.Request,
                client.Name,
                resolution.Question.Type,
                outcome,
                _ready.NextRotation(),
                Now
            );
            _output.Answer(client.Peer, _answer.AsSpan(0, length));
        }

        foreach (Resolution parent in resolution.Parents)
        {
            _told.Enqueue((parent, resolution, outcome));
        }
    }

    // Questions may wait for each other in a long row. Telling them one after the other, and not each out of the one before, keeps the stack short.
    private void TellParents()
    {
        while (_told.TryDequeue(out var next))
        {
            next.Parent.TakeAddresses(next.Child, next.Outcome);
        }
    }

    private int Resolve(
        Span<byte> answer,
        in ClientRequest request,
        in Question asked,
        DnsPeer peer
    )
    {
        ClientWaiter waiter = new(peer, request, asked.Name);
        // Another client's case is nobody's business.
        Question question = asked with
        {
            Name = asked.Name.ToLower(),
        };
        if (_resolutions.TryGetValue(question, out Resolution? resolution))
        {
            foreach (ClientWaiter other in resolution.Clients)
            {
                if (other.Peer.Remote == peer.Remote && other.Request.Id == request.Id)
                {
                    // The client asks again because it had no answer yet.
                    return 0;
                }
            }

            if (
                resolution.Clients.Count < Options.MaxClientsPerQuestion
                && _waiting < Options.MaxClients
            )
            {
                Joined++;
                _waiting++;
                resolution.Clients.Add(waiter);
            }

            return 0;
        }

        if (_resolutions.Count >= Options.MaxInFlight)
        {
            Overloads++;
            _failures++;
            MessageWriter writer = AnswerWriter.Begin(
                answer,
                request,
                asked.Name.Wire,
                asked.Type,
                asked.Class
            );
            return AnswerWriter.Finish(
                ref writer,
                request,
                ResponseCode.ServerFailure,
                ExtendedErrorCode.Other,
                "too busy"
            );
        }

        resolution = new Resolution(this, question, new WorkBudget(Options, Now), depth: 0);
        resolution.Clients.Add(waiter);
        _waiting++;
        _resolutions.Add(question, resolution);
        resolution.Step();
        TellParents();
        return 0;
    }

    private void TakeStray(UpstreamQuery query)
    {
        Strays++;
        if (++query.Strays < MaxStrays)
        {
            return;
        }

        if (_logger is not null)
        {
            ResolverLog.Forgery(_logger, query.Server.Address, query.Strays);
        }

        // No timeout of the server: it may be innocent.
        Close(query);
        foreach (Resolution owner in query.Owners)
        {
            owner.TakeTimeout();
        }

        TellParents();
    }

    private void GiveUp(UpstreamQuery query)
    {
        Timeouts++;
        if (!query.IsCutShort)
        {
            query.Server.TimedOut(Now);
        }

        Close(query);
        foreach (Resolution owner in query.Owners)
        {
            owner.TakeTimeout();
        }
    }

    private void Close(UpstreamQuery query)
    {
        query.IsOpen = false;
        _open.Remove((query.Asked, query.Zone));
        _deadlines.Remove(query);
        _output.Close(query);
    }

    /// <summary>Keeps what a reply says, and passes it on to all who asked.</summary>
    private void Learn(UpstreamQuery query, Reply reply)
    {
        TimedSet[] chain = [];
        Instant denied = Now;
        Delegation? delegation = null;
        switch (reply.Kind)
        {
            case ReplyKind.Referral:
                delegation = _keeper.Delegate(
                    reply,
                    query.Zone.IsRoot ? Instant.Never : query.ZoneExpires,
                    Now
                );
                if (delegation is not null)
                {
                    Cache.PutDelegation(delegation, Now);
                }

                break;
            case ReplyKind.Answer
            or ReplyKind.Alias
            or ReplyKind.NoData
            or ReplyKind.NameError
            or ReplyKind.NameTooLong:
                chain = _keeper.Keep(reply, Now);
                if (reply.Soa is { } soa)
                {
                    // NXDOMAIN is kept by the resolution: for a part of a name it is not believed at once.
                    denied =
                        reply.Kind == ReplyKind.NoData
                            ? Cache.PutNoData(reply.Target, query.Asked.Type, soa, Now)
                            : Now + _keeper.DenialTtl(soa);
                }

                break;
        }

        if (
            query.Asked is { Type: RecordType.Ns, Name.IsRoot: true }
            && reply.Kind == ReplyKind.Answer
        )
        {
            SetRoot(reply, chain[^1].Expires);
        }

        foreach (Resolution owner in query.Owners)
        {
            owner.TakeReply(query, reply, chain, denied, delegation);
        }
    }

    private Delegation Root()
    {
        if (_root is { } root && root.Expires > Now)
        {
            return root;
        }

        if (Now >= _nextPriming)
        {
            _nextPriming = Now + ResolverOptions.PrimingPause;
            Question priming = new(DnsName.Root, RecordType.Ns);
            if (!_resolutions.ContainsKey(priming))
            {
                // RFC 8109: the hints only serve to ask the root for its servers. Who waits meanwhile uses the hints as well.
                Resolution resolution = new(
                    this,
                    priming,
                    new WorkBudget(Options, Now),
                    depth: 0,
                    skipCache: true
                );
                _resolutions.Add(priming, resolution);
                resolution.Step();
            }
        }

        return _hints;
    }

    private void SetRoot(Reply reply, Instant expires)
    {
        Delegation? primed = _keeper.Delegate(reply, Instant.Never, Now);
        if (primed is null || !primed.HasGlue)
        {
            return;
        }

        // A TTL of 0 must not make every question ask for the root's servers again.
        Instant least = Now + ResolverOptions.PrimingPause;
        Instant until = primed.Expires < expires ? primed.Expires : expires;
        _root = new Delegation(DnsName.Root, primed.Servers, until < least ? least : until);
        if (_logger is not null)
        {
            ResolverLog.Primed(_logger, primed.Servers.Length);
        }
    }

    /// <summary>Whether one question waits for another, directly or through others: a loop of servers whose addresses need each other.</summary>
    public bool DependsOn(Resolution waiting, Resolution target)
    {
        _mark++;
        return Search(waiting);

        bool Search(Resolution at)
        {
            if (at == target)
            {
                return true;
            }

            if (at.Mark == _mark)
            {
                return false;
            }

            at.Mark = _mark;
            foreach (Resolution child in at.Children)
            {
                if (Search(child))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
