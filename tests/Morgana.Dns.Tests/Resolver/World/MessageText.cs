using System.Text;

namespace Morgana.Dns.Tests;

/// <summary>Messages as text, both ways: tests read and write them so.</summary>
internal static class MessageText
{
    public static byte[] Query(
        string name,
        RecordType type,
        HeaderFlags flags = HeaderFlags.RecursionDesired,
        int payload = 1232,
        ushort id = 0xbeef,
        RecordClass recordClass = RecordClass.Internet,
        byte version = 0,
        bool dnssecOk = false
    )
    {
        byte[] buffer = new byte[512];
        MessageWriter writer = new(buffer) { Header = new DnsHeader(id, flags) };
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse(name), type, recordClass)));
        if (payload > 0)
        {
            Assert.True(
                writer.TryWriteEdns(
                    (ushort)payload,
                    ResponseCode.NoError,
                    dnssecOk,
                    version: version
                )
            );
        }

        return buffer[..writer.Finish()];
    }

    /// <summary>A reply to a query, with records given as master-file lines.</summary>
    public static byte[] Reply(
        ReadOnlySpan<byte> query,
        HeaderFlags flags = HeaderFlags.Authoritative,
        ResponseCode code = ResponseCode.NoError,
        string answer = "",
        string authority = "",
        string additional = "",
        bool edns = false
    )
    {
        Assert.True(MessageReader.TryCreate(query, out MessageReader reader));
        byte[] buffer = new byte[16384];
        MessageWriter writer = new(buffer)
        {
            Header = new DnsHeader(
                reader.Header.Id,
                flags | HeaderFlags.Response,
                ResponseCode: code
            ),
        };
        Assert.True(reader.TryReadQuestion(out QuestionView question));
        Assert.True(writer.TryWriteQuestion(question));
        foreach (ResourceRecord record in Records(answer))
        {
            Assert.True(writer.TryWriteRecord(MessageSection.Answer, record));
        }

        foreach (ResourceRecord record in Records(authority))
        {
            Assert.True(writer.TryWriteRecord(MessageSection.Authority, record));
        }

        foreach (ResourceRecord record in Records(additional))
        {
            Assert.True(writer.TryWriteRecord(MessageSection.Additional, record));
        }

        if (edns)
        {
            Assert.True(writer.TryWriteEdns(1232, code, false));
        }

        return buffer[..writer.Finish()];
    }

    public static IEnumerable<ResourceRecord> Records(string lines) =>
        MasterFile
            .Parse(
                "$ORIGIN .\n" + lines.Replace(" ; ", "\n", StringComparison.Ordinal) + "\n",
                new MasterFileOptions { DefaultTtl = 3600 }
            )
            .Select(entry => entry.Record);

    public static Question QuestionOf(ReadOnlySpan<byte> message)
    {
        Assert.True(MessageReader.TryCreate(message, out MessageReader reader));
        Assert.True(reader.TryReadQuestion(out QuestionView question));
        return question.ToQuestion();
    }

    /// <summary>Code and data of the answer section: "NoError www.test. A 192.0.2.1 | ...", sorted within the same owner and type; TTLs left out.</summary>
    public static string Short(ReadOnlySpan<byte> message)
    {
        Assert.True(MessageReader.TryCreate(message, out MessageReader reader));
        ResponseCode code = reader.Header.ResponseCode;
        List<(string Head, string Data)> records = [];
        while (reader.TryReadRecord(out RecordView record))
        {
            if (record.Section == MessageSection.Answer)
            {
                records.Add(
                    ($"{record.Name.ToString()} {record.Type.ToText()}", record.Data.ToString())
                );
            }
        }

        Assert.Equal(WireError.None, reader.Error);
        StringBuilder text = new(code.ToString());
        foreach (IGrouping<string, (string Head, string Data)> set in records.GroupBy(r => r.Head))
        {
            foreach ((string head, string data) in set.OrderBy(r => r.Data, StringComparer.Ordinal))
            {
                text.Append(text.Length == code.ToString().Length ? " " : " | ")
                    .Append(head)
                    .Append(' ')
                    .Append(data);
            }
        }

        return text.ToString();
    }

    /// <summary>Everything in it, a line each.</summary>
    public static string Long(ReadOnlySpan<byte> message)
    {
        Assert.True(MessageReader.TryCreate(message, out MessageReader reader));
        StringBuilder text = new();
        text.Append(reader.Header.ResponseCode).Append(' ').Append(reader.Header.Flags);
        while (reader.TryReadQuestion(out QuestionView question))
        {
            text.Append("\nQ ").Append(question.ToQuestion().ToString());
        }

        while (reader.TryReadRecord(out RecordView record))
        {
            if (EdnsView.TryRead(record, out EdnsView edns))
            {
                text.Append(
                    $"\nEDNS {edns.ExtendResponseCode(reader.Header.ResponseCode)} {edns.PayloadSize}{(edns.DnssecOk ? " DO" : "")}"
                );
                if (
                    edns.TryGetExtendedError(
                        out ExtendedErrorCode error,
                        out ReadOnlySpan<byte> why
                    )
                )
                {
                    text.Append($" {error} \"{Encoding.UTF8.GetString(why)}\"");
                }
            }
            else
            {
                text.Append('\n')
                    .Append(record.Section.ToString()[..2])
                    .Append(' ')
                    .Append(record.ToRecord().ToString());
            }
        }

        Assert.Equal(WireError.None, reader.Error);
        return text.ToString();
    }
}
