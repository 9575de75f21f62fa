using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>A server of the simulated Internet: zones, and whatever is wrong with it.</summary>
internal sealed class SimulatedServer(IpAddress address)
{
    private readonly List<Zone> _zones = [];
    private AuthoritativeServer? _server;

    public IpAddress Address { get; } = address;

    /// <summary>From question to answer.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether the question number n (from 0) gets lost.</summary>
    public Func<int, bool> Loses { get; set; } = _ => false;

    /// <summary>Answers in its own way; null leaves it to the zones, no bytes mean no answer.</summary>
    public Func<byte[], byte[]?>? Script { get; set; }

    /// <summary>More datagrams that arrive at the question's port, as by a forger: when, from where, what.</summary>
    public Func<
        byte[],
        IEnumerable<(TimeSpan After, IpEndpoint From, byte[] Message)>
    >? Forger { get; set; }

    /// <summary>Changes the answer on its way.</summary>
    public Func<byte[], byte[], byte[]> Change { get; set; } = (_, answer) => answer;

    public List<Question> Asked { get; } = [];

    public List<byte[]> Queries { get; } = [];

    public void Serve(Zone zone)
    {
        _zones.RemoveAll(old => old.Origin == zone.Origin);
        _zones.Add(zone);
        _server = new AuthoritativeServer(_zones);
    }

    public byte[] Answer(byte[] query)
    {
        byte[]? answer = Script?.Invoke(query);
        if (answer is null && _server is not null)
        {
            byte[] buffer = new byte[4096];
            answer = buffer[.._server.Respond(query, buffer)];
        }

        return answer is null or [] ? [] : Change(query, answer);
    }
}
