using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns.Tests;

/// <summary>
/// A million damaged datagrams into the state machine, from clients and servers, in the middle of its work. It must not throw, must stay within its
/// bounds, and must still answer. Runs alone: it measures the memory of the process.
/// </summary>
[Collection(nameof(CacheMemoryTests))]
public class MutatedDatagramTests
{
    private const int Datagrams = 1_000_000;

    [Fact]
    public void A_million_of_them_do_no_harm()
    {
        Output output = new();
        ResolverOptions options = new()
        {
            RootHints = RootHints.Parse("198.41.0.4,10.0.0.1", null),
            Cache = new CacheOptions { MaxBytes = 1 << 18 },
            MaxInFlight = 64,
            MaxServers = 64,
        };
        ResolverMachine machine = new(options, new SeededRandom(1), output);
        RandomNumbers random = new(new SeededRandom(2));
        byte[][] questions =
        [
            MessageText.Query("www.example.test.", RecordType.A),
            MessageText.Query("a.b.c.d.example.test.", RecordType.Txt, payload: 0),
            MessageText.Query("localhost.", RecordType.Any),
            MessageText.Query("version.bind.", RecordType.Txt, recordClass: RecordClass.Chaos),
            MessageText.Query("_sip._udp.example.test.", RecordType.Srv, HeaderFlags.None),
        ];
        byte[] message = new byte[2048];
        byte[] answer = new byte[1232];
        Instant now = new(1_000_000_000_000);
        ushort port = 0;
        long half = 0;
        for (int i = 0; i < Datagrams; i++)
        {
            int length;
            if (random.Below(3) == 0 || output.Open.Count == 0)
            {
                byte[] question = questions[random.Below(questions.Length)];
                question.CopyTo(message, 0);
                length = Mutate(message, question.Length, 12, random);
                DnsPeer peer = new(new IpEndpoint(IpAddress.FromV4(10, 9, 9, 9), port++), default);
                int written = machine.TakeQuery(message.AsSpan(0, length), peer, now, answer);
                Check(answer.AsSpan(0, written));
            }
            else
            {
                (UpstreamQuery query, byte[] reply) = output.Open[random.Below(output.Open.Count)];
                reply.CopyTo(message, 0);
                // The header and question stay whole mostly, or nothing else would ever be read.
                int from = random.Below(4) == 0 ? 0 : 12 + query.SentName.Length + 4;
                length = Mutate(message, reply.Length, from, random);
                machine.TakeReply(
                    query,
                    new IpEndpoint(query.Server.Address, 53),
                    message.AsSpan(0, length),
                    now
                );
            }

            if (i % 64 == 0)
            {
                now += TimeSpan.FromMilliseconds(random.Below(400));
                machine.PassTime(now);
            }

            if (machine.InFlight > 64 || machine.Cache.Bytes > 1 << 18)
            {
                Assert.Fail($"Out of bounds: {machine.Counters}");
            }

            if (i == Datagrams / 2)
            {
                half = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        machine.Cache.CheckBooks();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - half, -1 << 24, 1 << 20);
        Assert.True(machine.Sent > 1000, "It hardly came to ask anybody.");
        Assert.True(machine.Cache.Count > 0);
        while (machine.NextDeadline is { } next && next < Instant.Never)
        {
            machine.PassTime(next);
        }

        Assert.Equal(0, machine.InFlight);
        Assert.Empty(output.Open);
    }

    private static void Check(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty)
        {
            return;
        }

        Assert.True(MessageReader.TryCreate(answer, out MessageReader reader));
        Assert.Equal(WireError.None, reader.ReadToEnd(out _, out _));
    }

    private static int Mutate(byte[] message, int length, int from, RandomNumbers random)
    {
        for (int changes = random.Below(4); changes > 0; changes--)
        {
            int at = from + random.Below(Math.Max(1, length - from));
            switch (random.Below(6))
            {
                case 0:
                    message[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 1:
                    message[at] = (byte)random.Below(256);
                    break;
                case 2:
                    // A pointer to anywhere.
                    message[at] = (byte)(0xc0 | random.Below(2));
                    break;
                case 3:
                    length = Math.Max(0, Math.Min(length, at));
                    break;
                case 4 when length < 1500:
                    message.AsSpan(at, length - at).CopyTo(message.AsSpan(at + 3));
                    length += 3;
                    break;
                default:
                    message[at] = message[random.Below(Math.Max(1, length))];
                    break;
            }
        }

        return length;
    }

    private sealed class Output : IResolverOutput
    {
        private readonly byte[] _buffer = new byte[2048];
        private int _turn;

        /// <summary>The questions that are open, with a good reply to each.</summary>
        public List<(UpstreamQuery Query, byte[] Reply)> Open { get; } = [];

        public bool Send(UpstreamQuery query, IpEndpoint server, ReadOnlySpan<byte> message)
        {
            DnsName name = query.Asked.Name;
            string[] answers =
            [
                $"{name} A 192.0.2.1 ; {name} AAAA 2001:db8::1",
                $"{name} CNAME x{_turn % 97}.example.test.",
            ];
            string zone =
                name.LabelCount > 0
                    ? name.Ancestor(Math.Min(name.LabelCount, query.Zone.LabelCount + 1)).ToString()
                    : ".";
            Open.Add(
                (
                    query,
                    (_turn++ % 5) switch
                    {
                        0 => Reply(
                            message,
                            HeaderFlags.Authoritative,
                            ResponseCode.NoError,
                            answers[0]
                        ),
                        1 => Reply(
                            message,
                            HeaderFlags.Authoritative,
                            ResponseCode.NoError,
                            answers[1]
                        ),
                        2 => Reply(
                            message,
                            HeaderFlags.Authoritative,
                            ResponseCode.NameError,
                            "",
                            $"{query.Zone} SOA a.b. c.d. 1 1 1 1 300"
                        ),
                        _ => Reply(
                            message,
                            HeaderFlags.None,
                            ResponseCode.NoError,
                            "",
                            $"{zone} NS ns1.{(zone == "." ? "" : zone)} ; {zone} NS n{_turn % 31}.other.test.",
                            $"ns1.{(zone == "." ? "" : zone)} A 10.0.0.{_turn % 200}"
                        ),
                    }
                )
            );
            return true;
        }

        public void Close(UpstreamQuery query) => Open.RemoveAll(open => open.Query == query);

        public void Answer(DnsPeer client, ReadOnlySpan<byte> message) => Check(message);

        // Records are made once for each text: parsing master files is slow, and not what is tested here.
        private readonly Dictionary<string, ResourceRecord[]> _records = [];

        private byte[] Reply(
            ReadOnlySpan<byte> query,
            HeaderFlags flags,
            ResponseCode code,
            params ReadOnlySpan<string> sections
        )
        {
            Assert.True(MessageReader.TryCreate(query, out MessageReader reader));
            MessageWriter writer = new(_buffer)
            {
                Header = new DnsHeader(
                    reader.Header.Id,
                    flags | HeaderFlags.Response,
                    ResponseCode: code
                ),
            };
            Assert.True(reader.TryReadQuestion(out QuestionView question));
            writer.TryWriteQuestion(question);
            for (int i = 0; i < sections.Length; i++)
            {
                if (!_records.TryGetValue(sections[i], out ResourceRecord[]? records))
                {
                    if (_records.Count > 2000)
                    {
                        _records.Clear();
                    }

                    _records[sections[i]] = records = [.. MessageText.Records(sections[i])];
                }

                foreach (ResourceRecord record in records)
                {
                    writer.TryWriteRecord((MessageSection)(i + 1), record);
                }
            }

            return _buffer[..writer.Finish()];
        }
    }
}
