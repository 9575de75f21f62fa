using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns.Tests;

/// <summary>
/// Servers, clients and a clock in memory, with a resolver's state machine between them. Nothing waits: time jumps to the next event.
/// The same in every run.
/// </summary>
internal sealed class SimulatedInternet : IResolverOutput
{
    public static readonly IpAddress RootAddress = IpAddress.FromV4(198, 41, 0, 4);

    private readonly Dictionary<IpAddress, SimulatedServer> _servers = [];
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private readonly Dictionary<IpEndpoint, byte[]> _answers = [];
    private UpstreamQuery? _last;
    private long _order;
    private ushort _clientPort = 20000;

    public SimulatedInternet(ResolverOptions? options = null, int seed = 1)
    {
        options ??= new ResolverOptions();
        Options = options with
        {
            RootHints = new RootHints([
                new RootServer(DnsName.Parse("a.root.test."), [RootAddress]),
            ]),
        };
        Machine = new ResolverMachine(Options, new SeededRandom(seed), this);
    }

    public ResolverOptions Options { get; }

    public ResolverMachine Machine { get; }

    public Instant Now { get; private set; } = new(1_000_000_000_000);

    public long Sent { get; private set; }

    public int OpenPorts { get; private set; }

    public int MostOpenPorts { get; private set; }

    /// <summary>Questions to servers: "address name type".</summary>
    public List<string> Log { get; } = [];

    public Func<IpEndpoint, bool> CanSend { get; set; } = _ => true;

    public SimulatedServer this[string address] => Server(IpAddress.Parse(address, null));

    public SimulatedServer Server(IpAddress address)
    {
        if (!_servers.TryGetValue(address, out SimulatedServer? server))
        {
            _servers.Add(address, server = new SimulatedServer(address));
        }

        return server;
    }

    /// <summary>Serves a zone; records as master-file lines under it, SOA added.</summary>
    public SimulatedInternet Zone(string addresses, string origin, string lines)
    {
        Zone zone = Dns.Zone.Parse(
            $"$ORIGIN {origin}\n$TTL 3600\n@ SOA ns.invalid. mail.invalid. 1 3600 600 86400 300\n"
                + lines.Replace(" ; ", "\n", StringComparison.Ordinal)
                + "\n"
        );
        foreach (string address in addresses.Split(' '))
        {
            this[address].Serve(zone);
        }

        return this;
    }

    /// <summary>The root, the TLD test. on 10.0.0.1 and the zone example.test. on 10.0.0.2 with some names.</summary>
    public static SimulatedInternet Small(ResolverOptions? options = null, int seed = 1) =>
        new SimulatedInternet(options, seed)
            .Zone(
                "198.41.0.4",
                ".",
                "@ NS a.root.test. ; a.root.test. A 198.41.0.4 ; test. NS ns.test. ; ns.test. A 10.0.0.1"
            )
            .Zone(
                "10.0.0.1",
                "test.",
                "@ NS ns ; ns A 10.0.0.1 ; a.root A 198.41.0.4 ; example NS ns.example ; ns.example A 10.0.0.2"
            )
            .Zone(
                "10.0.0.2",
                "example.test.",
                "@ NS ns ; ns A 10.0.0.2 ; www A 192.0.2.80 ; www A 192.0.2.81 ; alias CNAME www ; b.ent TXT below ; *.wild A 192.0.2.7 ; short 0 A 192.0.2.9 ; huge 2147483647 A 192.0.2.8 ; here A 192.0.2.10"
            );

    public string Ask(string name, RecordType type = RecordType.A) =>
        MessageText.Short(AskRaw(MessageText.Query(name, type)));

    public byte[] AskRaw(byte[] query)
    {
        IpEndpoint client = Begin(query);
        Run(() => _answers.ContainsKey(client));
        return _answers[client];
    }

    /// <summary>Puts a question and does not wait.</summary>
    public IpEndpoint Begin(byte[] query)
    {
        IpEndpoint client = new(IpAddress.FromV4(10, 9, 9, 9), _clientPort++);
        byte[] answer = new byte[4096];
        int length = Machine.TakeQuery(query, Peer(client), Now, answer);
        if (length > 0)
        {
            _answers.Add(client, answer[..length]);
        }

        return client;
    }

    /// <summary>The answer that came meanwhile, or null.</summary>
    public byte[]? AnswerOf(IpEndpoint client) => _answers.GetValueOrDefault(client);

    /// <summary>Whether the cache alone answers.</summary>
    public bool Knows(string name, RecordType type = RecordType.A)
    {
        long before = Machine.CacheAnswers;
        Begin(MessageText.Query(name, type, HeaderFlags.None));
        return Machine.CacheAnswers > before;
    }

    public void Run(Func<bool> until)
    {
        for (int steps = 0; !until(); steps++)
        {
            Assert.True(steps < 100_000, "It does not come to an end.");
            Assert.True(RunOne(), "Nothing happens any more, and what is waited for did not.");
        }
    }

    /// <summary>Until nothing is left to happen.</summary>
    public void Settle()
    {
        for (int steps = 0; RunOne(); steps++)
        {
            Assert.True(steps < 100_000, "It does not come to rest.");
        }
    }

    public void Advance(TimeSpan span)
    {
        Instant end = Now + span;
        while (NextTime() <= end && RunOne()) { }
        Now = end;
    }

    /// <summary>The network says that the last question got lost.</summary>
    public void ReportLoss() => Machine.TakeLoss(_last!, Now);

    public void At(TimeSpan after, Action action) =>
        _events.Enqueue(action, ((Now + after).Nanoseconds, _order++));

    bool IResolverOutput.Send(UpstreamQuery query, IpEndpoint server, ReadOnlySpan<byte> message)
    {
        Assert.Equal(53, server.Port);
        OpenPorts++;
        _last = query;
        MostOpenPorts = Math.Max(MostOpenPorts, OpenPorts);
        Sent++;
        if (!CanSend(server))
        {
            return false;
        }

        Question asked = MessageText.QuestionOf(message);
        Log.Add($"{server.Address} {asked.Name.ToLower()} {asked.Type.ToText()}");
        byte[] sent = message.ToArray();
        if (!_servers.TryGetValue(server.Address, out SimulatedServer? target))
        {
            return true;
        }

        target.Asked.Add(asked);
        target.Queries.Add(sent);
        foreach (var forged in target.Forger?.Invoke(sent) ?? [])
        {
            At(forged.After, () => Machine.TakeReply(query, forged.From, forged.Message, Now));
        }

        if (!target.Loses(target.Asked.Count - 1) && target.Answer(sent) is { Length: > 0 } answer)
        {
            At(target.Delay, () => Machine.TakeReply(query, server, answer, Now));
        }

        return true;
    }

    void IResolverOutput.Close(UpstreamQuery query) => OpenPorts--;

    void IResolverOutput.Answer(DnsPeer client, ReadOnlySpan<byte> message) =>
        _answers.TryAdd(client.Remote, message.ToArray());

    private static DnsPeer Peer(IpEndpoint client) => new(client, IpAddress.FromV4(10, 0, 0, 53));

    private Instant NextTime()
    {
        Instant next = Machine.NextDeadline;
        return _events.TryPeek(out _, out (long Time, long) key) && key.Time <= next.Nanoseconds
            ? new Instant(key.Time)
            : next;
    }

    private bool RunOne()
    {
        Instant next = NextTime();
        if (next == Instant.Never)
        {
            return false;
        }

        Now = next > Now ? next : Now;
        if (_events.TryPeek(out _, out (long Time, long) key) && key.Time <= next.Nanoseconds)
        {
            _events.Dequeue()();
        }
        else
        {
            Machine.PassTime(Now);
        }

        return true;
    }
}
