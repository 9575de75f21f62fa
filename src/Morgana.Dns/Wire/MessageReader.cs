using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>
/// Reads a message in place, question by question and record by record, without allocating. It never throws on bad input:
/// reading stops and <see cref="Error"/> says why. The work is bounded by the length of the message.
/// </summary>
/// <example>
/// <code>
/// if (!MessageReader.TryCreate(datagram, out MessageReader reader)) { return; }
/// while (reader.TryReadQuestion(out QuestionView question)) { }
/// while (reader.TryReadRecord(out RecordView record)) { }
/// if (reader.Error != WireError.None) { ... }
/// </code>
/// </example>
public ref struct MessageReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _at;
    private int _questions;
    private int _records;
    private bool _sawOpt;

    private MessageReader(ReadOnlySpan<byte> message, DnsHeader header)
    {
        _message = message;
        Header = header;
        _at = DnsHeader.Size;
    }

    /// <summary>The header.</summary>
    public DnsHeader Header { get; }

    /// <summary>What was wrong where reading stopped; <see cref="WireError.None"/> as long as all is well.</summary>
    public WireError Error { get; private set; }

    /// <summary>Where in the message reading stands.</summary>
    public readonly int Position => _at;

    /// <summary>The whole message.</summary>
    public readonly ReadOnlySpan<byte> Message => _message;

    /// <summary>Starts to read a message.</summary>
    /// <param name="message">0 to 65,535 bytes.</param>
    /// <param name="reader">The reader, before the first question.</param>
    /// <returns>False when the message is shorter than a header.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> message, out MessageReader reader)
    {
        bool good = DnsHeader.TryRead(message, out DnsHeader header);
        reader = new MessageReader(message, header);
        if (!good)
        {
            reader.Error = WireError.Truncated;
        }

        return good;
    }

    /// <summary>Reads the next question.</summary>
    /// <returns>False after the last question, and at an error.</returns>
    public bool TryReadQuestion(out QuestionView question)
    {
        question = default;
        if (Error != WireError.None || _questions == Header.QuestionCount)
        {
            return false;
        }

        Error = DnsNameView.TryRead(_message, _at, out DnsNameView name, out int next);
        if (Error != WireError.None)
        {
            return false;
        }

        if (next + 4 > _message.Length)
        {
            Error = WireError.Truncated;
            return false;
        }

        question = new QuestionView(
            name,
            (RecordType)BinaryPrimitives.ReadUInt16BigEndian(_message[next..]),
            (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(_message[(next + 2)..])
        );
        _at = next + 4;
        _questions++;
        return true;
    }

    /// <summary>Reads the next record of the answer, authority and additional sections, one after the other; questions not yet read are passed over.</summary>
    /// <returns>False after the last record, and at an error.</returns>
    public bool TryReadRecord(out RecordView record)
    {
        record = default;
        while (_questions < Header.QuestionCount && TryReadQuestion(out _)) { }
        int answers = Header.AnswerCount;
        int authorities = answers + Header.AuthorityCount;
        if (Error != WireError.None || _records == authorities + Header.AdditionalCount)
        {
            return false;
        }

        MessageSection section =
            _records < answers ? MessageSection.Answer
            : _records < authorities ? MessageSection.Authority
            : MessageSection.Additional;
        int start = _at;
        Error = DnsNameView.TryRead(_message, _at, out DnsNameView name, out int next);
        if (Error != WireError.None)
        {
            return false;
        }

        if (next + 10 > _message.Length)
        {
            Error = WireError.Truncated;
            return false;
        }

        ReadOnlySpan<byte> rest = _message[next..];
        var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(rest);
        var recordClass = (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        uint ttl = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        int dataAt = next + 10;
        if (length > _message.Length - dataAt)
        {
            Error = WireError.Truncated;
            return false;
        }

        if (type == RecordType.Opt)
        {
            if (section != MessageSection.Additional || !name.IsRoot || _sawOpt)
            {
                Error = WireError.MisplacedOpt;
                return false;
            }

            _sawOpt = true;
        }

        var data = new RDataView(type, recordClass, _message, dataAt, length);
        // Updates (RFC 2136 section 2.4) have records without data in the classes ANY and NONE.
        if (length > 0 || recordClass is not (RecordClass.Any or RecordClass.None))
        {
            Error = RDataWire.Check(data.Layout, _message, dataAt, length, inMessage: true);
            if (Error != WireError.None)
            {
                return false;
            }
        }

        record = new RecordView(section, start, name, type, recordClass, ttl, data);
        _at = dataAt + length;
        _records++;
        return true;
    }

    /// <summary>Reads whatever is left, and checks that the message ends with it.</summary>
    /// <param name="edns">The OPT record among what was left, when there was one.</param>
    /// <param name="hasEdns">Whether there was one.</param>
    /// <returns><see cref="WireError.None"/> when all of the message is good.</returns>
    public WireError ReadToEnd(out EdnsView edns, out bool hasEdns)
    {
        edns = default;
        hasEdns = false;
        while (TryReadRecord(out RecordView record))
        {
            if (EdnsView.TryRead(record, out EdnsView found))
            {
                edns = found;
                hasEdns = true;
            }
        }

        if (Error == WireError.None && _at != _message.Length)
        {
            Error = WireError.TrailingBytes;
        }

        return Error;
    }
}
