using System.Diagnostics;

namespace Morgana.Dns.Tests;

public class MutatedMessageTests
{
    private const int Messages = 1_000_000;

    /// <summary>Good messages of every kind, to start from.</summary>
    internal static List<byte[]> Seeds()
    {
        var seeds = new List<byte[]>();
        byte[] buffer = new byte[ushort.MaxValue];
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new RandomRecords(seed);
            var writer = new MessageWriter(buffer);
            writer.TryWriteQuestion(new Question(random.Name(), RecordType.A));
            for (int section = 1; section <= 3; section++)
            {
                for (int count = random.Next(3); count > 0; count--)
                {
                    writer.TryWriteRecord((MessageSection)section, random.Record());
                }
            }

            if (random.Next(2) == 0)
            {
                writer.TryWriteEdns(1232, ResponseCode.NoError, true, [0, 10, 0, 2, 1, 2]);
            }

            seeds.Add(buffer.AsSpan(0, writer.Finish()).ToArray());
        }

        return seeds;
    }

    /// <summary>Changes a copy of a message: bytes, bits, pointers, lengths, cuts, repetitions.</summary>
    internal static Span<byte> Mutate(
        ReadOnlySpan<byte> seed,
        Span<byte> buffer,
        ref Xorshift random
    )
    {
        seed.CopyTo(buffer);
        int length = seed.Length;
        for (int n = 1 + random.Next(4); n > 0; n--)
        {
            int at = random.Next(length);
            switch (random.Next(8))
            {
                case 0:
                    buffer[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    buffer[at] = (byte)random.Next(256);
                    break;
                case 2:
                    buffer[at] = (byte)(0xc0 | random.Next(2));
                    break;
                case 3:
                    buffer[at] = (byte)random.Next(length);
                    break;
                case 4:
                    length = Math.Max(1, at);
                    break;
                case 5:
                    buffer[at] += (byte)(random.Next(3) - 1);
                    break;
                case 6:
                    buffer[at] = 0;
                    break;
                default:
                    int from = random.Next(length);
                    int count = Math.Min(random.Next(40), length - Math.Max(at, from));
                    buffer.Slice(from, count).CopyTo(buffer[at..]);
                    break;
            }
        }

        return buffer[..length];
    }

    [Fact]
    public void A_million_mutated_messages_are_read_or_refused_in_bounded_work_without_allocating()
    {
        List<byte[]> seeds = Seeds();
        byte[] buffer = new byte[ushort.MaxValue];
        byte[] expanded = new byte[ushort.MaxValue];
        var random = new Xorshift(2026);
        int good = 0;
        int records = 0;
        Span<int> errors = stackalloc int[(int)WireError.TrailingBytes + 1];
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Messages; i++)
        {
            Span<byte> message = Mutate(seeds[random.Next(seeds.Count)], buffer, ref random);
            if (!MessageReader.TryCreate(message, out MessageReader reader))
            {
                continue;
            }

            while (reader.TryReadQuestion(out QuestionView question))
            {
                _ = question.Name.GetHashCode();
            }

            while (reader.TryReadRecord(out RecordView record))
            {
                records++;
                // What the reader let through can be used: names, data, options.
                if (
                    record.Name.Length > DnsName.MaxLength
                    || !record.Data.TryExpand(expanded, out int written)
                )
                {
                    Assert.Fail("A record that was read cannot be expanded.");
                    return;
                }

                if (record.Data.TryGetName(out DnsNameView name))
                {
                    _ = name.IsAtOrBelow(DnsName.Root);
                }

                if (EdnsView.TryRead(record, out EdnsView edns))
                {
                    edns.TryGetExtendedError(out _, out _);
                }
            }

            errors[(int)reader.ReadToEnd(out _, out _)]++;
            good += reader.Error == WireError.None ? 1 : 0;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated == 0, $"{allocated} bytes were allocated.");
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60));
        // The mutations reach everything: good messages, and each kind of error.
        Assert.True(good > Messages / 20, $"only {good} messages were good");
        Assert.True(records > Messages);
        for (var error = WireError.Truncated; error <= WireError.TrailingBytes; error++)
        {
            Assert.True(
                errors[(int)error] > 0 || error == WireError.TooManyPointers,
                $"{error} never came"
            );
        }
    }

    [Fact]
    public void Good_mutants_survive_being_copied_to_the_heap_printed_parsed_and_written_again()
    {
        List<byte[]> seeds = Seeds();
        byte[] buffer = new byte[ushort.MaxValue];
        byte[] again = new byte[ushort.MaxValue];
        var random = new Xorshift(99);
        for (int i = 0; i < 20_000; i++)
        {
            Span<byte> message = Mutate(seeds[random.Next(seeds.Count)], buffer, ref random);
            if (!MessageReader.TryCreate(message, out MessageReader reader))
            {
                continue;
            }

            while (reader.TryReadRecord(out RecordView view))
            {
                ResourceRecord record = view.ToRecord();
                if (view.Class != RecordClass.Internet)
                {
                    Assert.NotEmpty(record.ToString());
                    continue;
                }

                Assert.Equal(record.Data, RData.Parse(record.Type, view.Data.ToString()));
                var writer = new MessageWriter(again);
                Assert.True(writer.TryWriteRecord(MessageSection.Additional, record));
                Assert.True(
                    MessageReader.TryCreate(
                        again.AsSpan(0, writer.Finish()),
                        out MessageReader second
                    )
                );
                Assert.True(second.TryReadRecord(out RecordView copy));
                Assert.Equal(record.Data, copy.ToRecord().Data);
            }
        }
    }

    /// <summary>A random source that costs next to nothing.</summary>
    internal struct Xorshift(ulong state)
    {
        private ulong _state = state * 0x9e37_79b9_7f4a_7c15 | 1;

        public int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            return (int)((_state >> 33) % (uint)below);
        }
    }
}
