using System.Buffers.Binary;

namespace Morgana.Dns.Tests;

public class MessageTests
{
    private static DnsName Name(string text) => DnsName.Parse(text);

    [Fact]
    public void A_query_is_written_byte_for_byte_as_RFC_1035_says()
    {
        byte[] buffer = new byte[512];
        var writer = new MessageWriter(buffer)
        {
            Header = new DnsHeader(0x1234, HeaderFlags.RecursionDesired),
        };
        Assert.True(writer.TryWriteQuestion(new Question(Name("www.example.com."), RecordType.A)));
        Assert.True(writer.TryWriteEdns(1232, ResponseCode.NoError, dnssecOk: true));
        byte[] expected = Convert.FromHexString(
            "123401000001000000000001"
                + "03777777076578616D706C6503636F6D0000010001"
                + "00002904D0000080000000"
        );
        Assert.Equal(
            Convert.ToHexString(expected),
            Convert.ToHexString(buffer.AsSpan(0, writer.Finish()))
        );
    }

    [Fact]
    public void Names_are_compressed_byte_for_byte_as_RFC_1035_section_4_1_4_says()
    {
        byte[] buffer = new byte[512];
        var writer = new MessageWriter(buffer)
        {
            Header = new DnsHeader(1, HeaderFlags.Response | HeaderFlags.Authoritative),
        };
        Assert.True(writer.TryWriteQuestion(new Question(Name("a.Test."), RecordType.Mx)));
        Assert.True(
            writer.TryWriteRecord(
                MessageSection.Answer,
                new ResourceRecord(Name("a.test."), 60, RData.Parse(RecordType.Mx, "1 m.a.test."))
            )
        );
        // SRV's target is written in full (RFC 3597 section 4), but may be pointed to.
        Assert.True(
            writer.TryWriteRecord(
                MessageSection.Additional,
                new ResourceRecord(
                    Name("m.a.test."),
                    60,
                    RData.Parse(RecordType.Srv, "0 0 0 x.test.")
                )
            )
        );
        Assert.True(
            writer.TryWriteRecord(
                MessageSection.Additional,
                new ResourceRecord(Name("x.test."), 60, RData.Parse(RecordType.A, "1.2.3.4"))
            )
        );
        string expected =
            "000184000001000100000002"
            + "0161045465737400000F0001" // 12: a.Test.
            + "C00C000F00010000003C0006"
            + "0001016DC00C" // 24; the exchange at 38 is m, then a.Test.
            + "C026002100010000003C000E"
            + "0000000000000178047465737400" // 42; target at 60, in full
            + "C03C000100010000003C000401020304";
        Assert.Equal(expected, Convert.ToHexString(buffer.AsSpan(0, writer.Finish())));
    }

    [Fact]
    public void Sections_are_read_in_their_order_with_types_classes_and_ttls()
    {
        byte[] buffer = new byte[512];
        var writer = new MessageWriter(buffer);
        writer.TryWriteQuestion(new Question(Name("q."), (RecordType)999, RecordClass.Chaos));
        writer.TryWriteRecord(
            MessageSection.Answer,
            new ResourceRecord(Name("a."), 7, RData.Parse(RecordType.A, "1.1.1.1"))
        );
        writer.TryWriteRecord(
            MessageSection.Authority,
            new ResourceRecord(Name("b."), 0x8000_0000, RData.Parse(RecordType.Ns, "ns.b."))
        );
        writer.TryWriteRecord(
            MessageSection.Additional,
            new ResourceRecord(Name("ns.b."), 9, RData.Parse(RecordType.Aaaa, "::1"))
        );
        int length = writer.Finish();
        Assert.True(MessageReader.TryCreate(buffer.AsSpan(0, length), out MessageReader reader));
        Assert.True(reader.TryReadQuestion(out QuestionView question));
        Assert.Equal(
            new Question(Name("Q."), (RecordType)999, RecordClass.Chaos),
            question.ToQuestion()
        );
        Assert.True(question.Is(new Question(Name("q."), (RecordType)999, RecordClass.Chaos)));
        Assert.False(reader.TryReadQuestion(out _));
        Assert.True(reader.TryReadRecord(out RecordView record));
        Assert.Equal(MessageSection.Answer, record.Section);
        Assert.True(record.Data.TryGetAddress(out Morgana.Net.IpAddress address));
        Assert.Equal("1.1.1.1", address.ToString());
        Assert.True(reader.TryReadRecord(out record));
        Assert.Equal(MessageSection.Authority, record.Section);
        // RFC 2181 section 8: a TTL with the highest bit set counts as 0.
        Assert.Equal(0u, record.Ttl);
        Assert.True(record.Data.TryGetName(out DnsNameView target));
        Assert.Equal("ns.b.", target.ToString());
        Assert.True(reader.TryReadRecord(out record));
        Assert.Equal(MessageSection.Additional, record.Section);
        Assert.Equal("ns.b. 9 IN AAAA ::1", record.ToRecord().ToString());
        Assert.False(reader.TryReadRecord(out _));
        Assert.Equal(WireError.None, reader.ReadToEnd(out _, out bool hasEdns));
        Assert.False(hasEdns);
    }

    [Fact]
    public void Edns_is_read_with_its_options_and_the_upper_bits_of_the_response_code()
    {
        byte[] buffer = new byte[512];
        byte[] options = new byte[100];
        int used = 0;
        Assert.True(
            EdnsOption.TryAppend(options, ref used, EdnsOptionCode.Cookie, [1, 2, 3, 4, 5, 6, 7, 8])
        );
        Assert.True(
            EdnsOption.TryAppendExtendedError(
                options,
                ref used,
                ExtendedErrorCode.StaleAnswer,
                "old"u8
            )
        );
        var writer = new MessageWriter(buffer);
        Assert.True(
            writer.TryWriteEdns(
                1232,
                ResponseCode.BadCookie,
                false,
                options.AsSpan(0, used),
                version: 1
            )
        );
        int length = writer.Finish();
        Assert.True(MessageReader.TryCreate(buffer.AsSpan(0, length), out MessageReader reader));
        Assert.Equal(WireError.None, reader.ReadToEnd(out EdnsView edns, out bool hasEdns));
        Assert.True(hasEdns);
        Assert.Equal(1232, edns.PayloadSize);
        Assert.Equal(1, edns.Version);
        Assert.False(edns.DnssecOk);
        Assert.Equal(ResponseCode.BadCookie, edns.ExtendResponseCode(reader.Header.ResponseCode));
        Assert.True(edns.TryGetOption(EdnsOptionCode.Cookie, out ReadOnlySpan<byte> cookie));
        Assert.Equal(8, cookie.Length);
        Assert.True(
            edns.TryGetExtendedError(out ExtendedErrorCode code, out ReadOnlySpan<byte> text)
        );
        Assert.Equal(ExtendedErrorCode.StaleAnswer, code);
        Assert.Equal("old"u8, text);
        Assert.False(edns.TryGetOption(EdnsOptionCode.Nsid, out _));
    }

    [Theory]
    [InlineData(
        "00000000000000000000000200002904D000000000000000002904D0000000000000",
        WireError.MisplacedOpt
    )]
    [InlineData("00000000000000010000000000002904D0000000000000", WireError.MisplacedOpt)]
    [InlineData("000000000000000000000001016100002904D0000000000000", WireError.MisplacedOpt)]
    [InlineData("00000000000000000000000100002904D00000000000050003000200", WireError.DataLength)]
    [InlineData("00000000000000000000000100002904D0000000000001", WireError.Truncated)]
    [InlineData("0000000000010000000000000000", WireError.Truncated)]
    [InlineData("000000000001000000000000", WireError.Truncated)]
    [InlineData("00000000000000000000000000", WireError.TrailingBytes)]
    [InlineData("000000000000000100000000000001000100000000000301020300", WireError.DataLength)]
    [InlineData("0000000000000001000000000000010001000000000006010203040506", WireError.DataLength)]
    // NS whose name goes one byte past its data, into the next record.
    [InlineData("0000000000000001000000000000020001000000000002016100", WireError.DataLength)]
    // DNAME and RRSIG must not be compressed; SRV may come so.
    [InlineData("000000000000000100000000000027000100000000000403616161C00C", WireError.DataLength)]
    [InlineData(
        "0000000000000001000000000161000027000100000000000401 62C00C",
        WireError.CompressionForbidden
    )]
    [InlineData(
        "00000000000000010000000001610000210001000000000009000000000000 0162C0",
        WireError.DataLength
    )]
    [InlineData(
        "0000000000000001000000000161000021000100000000000A000000000000 0162C00C",
        WireError.None
    )]
    [InlineData("000000000000000100000000000001000300000000000301 0203", WireError.None)]
    public void Malformed_messages_are_told_apart(string hex, WireError expected)
    {
        byte[] message = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(MessageReader.TryCreate(message, out MessageReader reader));
        Assert.Equal(expected, reader.ReadToEnd(out _, out _));
        Assert.Equal(expected, reader.Error);
        Assert.False(reader.TryReadRecord(out _));
    }

    [Fact]
    public void Less_than_a_header_is_no_message()
    {
        Assert.False(MessageReader.TryCreate(new byte[11], out MessageReader reader));
        Assert.Equal(WireError.Truncated, reader.Error);
        Assert.False(reader.TryReadQuestion(out _));
        Assert.False(reader.TryReadRecord(out _));
    }

    [Fact]
    public void All_header_fields_survive()
    {
        var random = new Random(3);
        byte[] bytes = new byte[12];
        byte[] copy = new byte[12];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(bytes);
            Assert.True(DnsHeader.TryRead(bytes, out DnsHeader header));
            header.Write(copy);
            Assert.Equal(bytes, copy);
        }
    }

    [Fact]
    public void Random_messages_survive_the_writer_and_the_reader()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        for (int seed = 0; seed < 1500; seed++)
        {
            var random = new RandomRecords(seed);
            var records = new List<(MessageSection Section, ResourceRecord Record)>();
            var writer = new MessageWriter(buffer);
            var question = new Question(random.Name(), RecordType.Any);
            Assert.True(writer.TryWriteQuestion(question));
            for (int section = 1; section <= 3; section++)
            {
                for (int count = random.Next(6); count > 0; count--)
                {
                    ResourceRecord record = random.Record();
                    records.Add(((MessageSection)section, record));
                    Assert.True(writer.TryWriteRecord((MessageSection)section, record));
                }
            }

            int length = writer.Finish();
            Assert.True(
                MessageReader.TryCreate(buffer.AsSpan(0, length), out MessageReader reader)
            );
            Assert.True(reader.TryReadQuestion(out QuestionView read));
            Assert.Equal(question, read.ToQuestion());
            foreach ((MessageSection section, ResourceRecord record) in records)
            {
                Assert.True(
                    reader.TryReadRecord(out RecordView view),
                    $"seed {seed}: {reader.Error} before {record}"
                );
                Assert.Equal(section, view.Section);
                ResourceRecord copy = view.ToRecord();
                Assert.Equal(record.Name, copy.Name);
                Assert.Equal(record.Data, copy.Data);
                Assert.Equal(record.Ttl, copy.Ttl);
                Assert.True(view.Data.IsWellFormed);
                byte[] expanded = new byte[copy.Data.Wire.Length];
                Assert.True(view.Data.TryExpand(expanded, out int written));
                Assert.Equal(written, expanded.Length);
                Assert.True(copy.Data.Wire.SequenceEqual(expanded));
                Assert.False(expanded.Length > 0 && view.Data.TryExpand(expanded.AsSpan(1), out _));
            }

            Assert.Equal(WireError.None, reader.ReadToEnd(out _, out _));
        }
    }

    [Fact]
    public void The_writer_never_goes_past_its_buffer_and_never_writes_what_the_reader_refuses()
    {
        byte[] buffer = new byte[1400];
        for (int seed = 0; seed < 4000; seed++)
        {
            var random = new RandomRecords(seed);
            int room = 12 + random.Next(600);
            Array.Fill(buffer, (byte)0xee);
            var writer = new MessageWriter(buffer.AsSpan(0, room));
            int reserve = random.Next(40);
            bool reserved = writer.TryReserve(reserve);
            int written = writer.TryWriteQuestion(new Question(random.Name(), RecordType.A))
                ? 1
                : 0;
            int records = 0;
            for (int i = 0; i < 12; i++)
            {
                int before = writer.Length;
                if (writer.TryWriteRecord(MessageSection.Answer, random.Record()))
                {
                    records++;
                }
                else
                {
                    Assert.Equal(before, writer.Length);
                }

                if (random.Next(5) == 0)
                {
                    MessageWriter.Mark mark = writer.GetMark();
                    writer.TryWriteRecord(MessageSection.Answer, random.Record());
                    writer.TryWriteRecord(MessageSection.Additional, random.Record());
                    writer.Rewind(mark);
                    Assert.Equal(mark.At, writer.Length);
                }
            }

            if (reserved)
            {
                Assert.True(writer.TryReserve(-reserve));
            }

            bool edns = writer.TryWriteEdns(
                1232,
                (ResponseCode)random.Next(4096),
                true,
                [0, 8, 0, 2, 1, 2]
            );
            int length = writer.Finish();
            Assert.InRange(length, 12, room);
            Assert.False(buffer.AsSpan(room).ContainsAnyExcept((byte)0xee));
            Assert.True(
                MessageReader.TryCreate(buffer.AsSpan(0, length), out MessageReader reader)
            );
            Assert.Equal(WireError.None, reader.ReadToEnd(out _, out bool hasEdns));
            Assert.Equal(edns, hasEdns);
            Assert.Equal(written, reader.Header.QuestionCount);
            Assert.Equal(records, reader.Header.AnswerCount);
        }
    }

    [Fact]
    public void Malformed_data_is_not_written()
    {
        var writer = new MessageWriter(new byte[512]);
        Assert.False(
            writer.TryWriteRecord(
                MessageSection.Answer,
                DnsName.Root.View,
                RecordType.A,
                RecordClass.Internet,
                0,
                [1, 2, 3]
            )
        );
        Assert.False(
            writer.TryWriteRecord(
                MessageSection.Answer,
                DnsName.Root.View,
                RecordType.Ns,
                RecordClass.Internet,
                0,
                [0xc0, 12]
            )
        );
        Assert.False(writer.TryWriteEdns(512, ResponseCode.NoError, false, [0, 8, 0, 2, 1]));
        Assert.Equal(12, writer.Finish());
    }

    [Fact]
    public void Sections_written_out_of_order_are_a_programming_error()
    {
        Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new MessageWriter(new byte[512]);
            writer.TryWriteEdns(512, ResponseCode.NoError, false);
            writer.TryWriteQuestion(new Question(DnsName.Root, RecordType.Ns));
        });
        Assert.Throws<ArgumentException>(() => new MessageWriter(new byte[11]).Length);
    }

    [Fact]
    public void Names_beyond_the_reach_of_a_pointer_are_not_pointed_to()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        var writer = new MessageWriter(buffer);
        byte[] filler = new byte[16000];
        for (int i = 0; i < 3; i++)
        {
            Assert.True(
                writer.TryWriteRecord(
                    MessageSection.Answer,
                    Name($"f{i}.").View,
                    RecordType.Null,
                    RecordClass.Internet,
                    0,
                    filler
                )
            );
        }

        for (int i = 0; i < 50; i++)
        {
            Assert.True(
                writer.TryWriteRecord(
                    MessageSection.Answer,
                    new ResourceRecord(
                        Name("far.away."),
                        0,
                        RData.Parse(RecordType.Ns, "ns.far.away.")
                    )
                )
            );
        }

        Assert.True(
            MessageReader.TryCreate(buffer.AsSpan(0, writer.Finish()), out MessageReader reader)
        );
        Assert.Equal(WireError.None, reader.ReadToEnd(out _, out _));
        Assert.Equal(53, reader.Header.AnswerCount);
    }

    [Fact]
    public void A_set_is_written_whole_or_not_at_all_and_can_be_rotated()
    {
        var builder = new RecordSetBuilder(Name("a.test."), RecordType.A);
        for (byte i = 1; i <= 3; i++)
        {
            Assert.True(builder.Add(60, [10, 0, 0, i]));
        }

        Assert.False(builder.Add(30, [10, 0, 0, 2]));
        RecordSet set = builder.Build();
        Assert.Equal(3, set.Count);
        Assert.Equal(30u, set.Ttl);
        byte[] buffer = new byte[12 + 8 + 10 + 4 + 2 * 16];
        var small = new MessageWriter(buffer.AsSpan(0, buffer.Length - 1));
        Assert.False(small.TryWriteSet(MessageSection.Answer, set.Name.View, set, 5));
        Assert.Equal(12, small.Length);
        var writer = new MessageWriter(buffer);
        Assert.True(writer.TryWriteSet(MessageSection.Answer, set.Name.View, set, 5, first: 4));
        Assert.Equal(0, writer.Room);
        Assert.Equal(3, writer.Count(MessageSection.Answer));
        Assert.True(
            MessageReader.TryCreate(buffer.AsSpan(0, writer.Finish()), out MessageReader reader)
        );
        var last = new List<byte>();
        while (reader.TryReadRecord(out RecordView record))
        {
            Assert.Equal(5u, record.Ttl);
            last.Add(record.Data.Raw[3]);
        }

        Assert.Equal([2, 3, 1], last);
    }

    [Fact]
    public void Sets_are_gathered_from_messages_with_names_expanded_and_duplicates_in_other_case_dropped()
    {
        byte[] buffer = new byte[512];
        var writer = new MessageWriter(buffer);
        foreach (string target in (string[])["ns1.test.", "NS1.TEST.", "ns2.test."])
        {
            // Written without a table of names: the writer would give all three the same case.
            writer.TryWriteRecord(
                MessageSection.Answer,
                new ResourceRecord(Name("test."), 60, RData.Parse(RecordType.Ns, target))
            );
        }

        Assert.True(
            MessageReader.TryCreate(buffer.AsSpan(0, writer.Finish()), out MessageReader reader)
        );
        var builder = new RecordSetBuilder(Name("TEST."), RecordType.Ns);
        while (reader.TryReadRecord(out RecordView record))
        {
            Assert.True(builder.Matches(record));
            builder.Add(record);
        }

        RecordSet set = builder.Build();
        Assert.Equal(2, set.Count);
        Assert.True(set.View(1).TryGetName(out DnsNameView name));
        Assert.Equal("ns2.test.", name.ToString());
        Assert.False(builder.Add(1, RData.Parse(RecordType.Ns, "nS1.tEst.").Wire));
    }

    [Fact]
    public void Reading_and_writing_a_message_allocates_nothing()
    {
        var builder = new RecordSetBuilder(Name("www.example.test."), RecordType.Mx);
        builder.Add(60, RData.Parse(RecordType.Mx, "1 a.example.test.").Wire);
        builder.Add(60, RData.Parse(RecordType.Mx, "2 b.example.test.").Wire);
        RecordSet set = builder.Build();
        byte[] buffer = new byte[512];
        int length = Answer(buffer, set);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Answer(buffer, set);
            Read(buffer.AsSpan(0, length), set.Name);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static int Answer(byte[] buffer, RecordSet set)
        {
            var writer = new MessageWriter(buffer);
            writer.TryWriteQuestion(new Question(set.Name, RecordType.Mx));
            writer.TryWriteSet(MessageSection.Answer, set.Name.View, set, 7);
            writer.TryWriteEdns(1232, ResponseCode.NoError, false);
            return writer.Finish();
        }

        static void Read(ReadOnlySpan<byte> message, DnsName name)
        {
            MessageReader.TryCreate(message, out MessageReader reader);
            reader.TryReadQuestion(out QuestionView question);
            int hash = question.Name.GetHashCode();
            while (reader.TryReadRecord(out RecordView record))
            {
                if (
                    MxData.TryRead(record.Data, out MxData mx)
                    && mx.Exchange.Equals(name)
                    && hash == 0
                )
                {
                    throw new InvalidOperationException();
                }
            }
        }
    }

    [Fact]
    public void Counts_in_the_header_that_lie_end_in_an_error()
    {
        byte[] message = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), ushort.MaxValue);
        Assert.True(MessageReader.TryCreate(message, out MessageReader reader));
        Assert.Equal(WireError.Truncated, reader.ReadToEnd(out _, out _));
    }
}
