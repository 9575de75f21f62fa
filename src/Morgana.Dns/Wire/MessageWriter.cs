using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Morgana.Dns;

/// <summary>
/// Writes a message into the caller's buffer, with names compressed (RFC 1035 section 4.1.4), without allocating. What does
/// not fit is not written at all and the method says false: the writer never goes past the buffer, and never leaves half a record.
/// Sections are written in their order. Set <see cref="Header"/>'s fields whenever you like; <see cref="Finish"/> writes it with the counts.
/// </summary>
public ref struct MessageWriter
{
    /// <summary>Length of an OPT record without options, in bytes.</summary>
    public const int EdnsSize = 11;

    private readonly Span<byte> _buffer;
    private CompressionTable _names;
    private int _limit;
    private int _at;
    private MessageSection _section;
    private Counts _counts;

    /// <summary>A writer of one message.</summary>
    /// <param name="buffer">Where the message goes: at least 12 bytes; of more than 65,535 only so many are used.</param>
    /// <exception cref="ArgumentException">There is no room for the header.</exception>
    public MessageWriter(Span<byte> buffer)
    {
        if (buffer.Length < DnsHeader.Size)
        {
            throw new ArgumentException(
                "A message needs room for its header: give at least 12 bytes.",
                nameof(buffer)
            );
        }

        _buffer = buffer;
        _limit = Math.Min(buffer.Length, ushort.MaxValue);
        _at = DnsHeader.Size;
        _section = MessageSection.Question;
    }

    /// <summary>The header; its counts are of no effect here.</summary>
    public DnsHeader Header { get; set; }

    /// <summary>Bytes written so far, with the header.</summary>
    public readonly int Length => _at;

    /// <summary>Bytes that can still be written.</summary>
    public readonly int Room => _limit - _at;

    /// <summary>Keeps room for what must come last, such as OPT; give it back with a negative number.</summary>
    /// <param name="bytes">How many bytes.</param>
    /// <returns>False when there is not so much room: then nothing is kept.</returns>
    public bool TryReserve(int bytes)
    {
        int limit = _limit - bytes;
        if (limit < _at || limit > Math.Min(_buffer.Length, ushort.MaxValue))
        {
            return false;
        }

        _limit = limit;
        return true;
    }

    /// <summary>Remembers how far the message is, for <see cref="Rewind"/>.</summary>
    public readonly Mark GetMark() => new(_at, _section, _counts);

    /// <summary>Takes back everything written since the mark.</summary>
    public void Rewind(in Mark mark)
    {
        _at = mark.At;
        _section = mark.Section;
        _counts = mark.Counts;
        _names.Forget(_at);
    }

    /// <summary>How many records a section has so far (questions for the question section).</summary>
    public readonly int Count(MessageSection section) => _counts[(int)section];

    /// <summary>Writes a question, its name in the case given.</summary>
    /// <exception cref="InvalidOperationException">A later section was begun.</exception>
    [SkipLocalsInit]
    public bool TryWriteQuestion(scoped in QuestionView question)
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        return TryWriteQuestion(question.Name.GetWire(scratch), question.Type, question.Class);
    }

    /// <summary>Writes a question, its name in the case given.</summary>
    /// <exception cref="InvalidOperationException">A later section was begun.</exception>
    public bool TryWriteQuestion(scoped in Question question) =>
        TryWriteQuestion(question.Name.Wire, question.Type, question.Class);

    private bool TryWriteQuestion(
        scoped ReadOnlySpan<byte> name,
        RecordType type,
        RecordClass recordClass
    )
    {
        Begin(MessageSection.Question);
        int start = _at;
        if (_counts[0] == ushort.MaxValue || !TryWriteName(name, compress: true) || Room < 4)
        {
            return Undo(start);
        }

        WriteUInt16((ushort)type);
        WriteUInt16((ushort)recordClass);
        _counts[0]++;
        return true;
    }

    /// <summary>Writes a record from uncompressed data that is well formed for its type; names of RFC 1035's types are compressed.</summary>
    /// <param name="section">Answer, authority or additional.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="type">The type.</param>
    /// <param name="recordClass">The class.</param>
    /// <param name="ttl">Seconds, 0 to 2^31 - 1.</param>
    /// <param name="data">The uncompressed data.</param>
    /// <returns>False when it does not fit or the data is malformed: then nothing was written.</returns>
    /// <exception cref="InvalidOperationException">A later section was begun.</exception>
    [SkipLocalsInit]
    public bool TryWriteRecord(
        MessageSection section,
        scoped DnsNameView owner,
        RecordType type,
        RecordClass recordClass,
        uint ttl,
        scoped ReadOnlySpan<byte> data
    )
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        return TryWriteRecord(section, owner.GetWire(scratch), type, recordClass, ttl, data);
    }

    /// <summary>Writes a record; names of RFC 1035's types are compressed.</summary>
    /// <returns>False when it does not fit: then nothing was written.</returns>
    /// <exception cref="InvalidOperationException">A later section was begun.</exception>
    public bool TryWriteRecord(MessageSection section, scoped in ResourceRecord record) =>
        TryWriteRecord(
            section,
            record.Name.Wire,
            record.Type,
            record.Class,
            record.Ttl,
            record.Data.Wire
        );

    /// <summary>Writes all records of a set or none.</summary>
    /// <param name="section">Answer, authority or additional.</param>
    /// <param name="owner">The owner to write: another than the set's own for a wildcard's (RFC 4592).</param>
    /// <param name="set">The records.</param>
    /// <param name="ttl">Seconds, 0 to 2^31 - 1.</param>
    /// <param name="first">Which record comes first; those before it come last. Any number from 0.</param>
    /// <returns>False when not all of them fit: then nothing was written.</returns>
    /// <exception cref="InvalidOperationException">A later section was begun.</exception>
    public bool TryWriteSet(
        MessageSection section,
        scoped DnsNameView owner,
        RecordSet set,
        uint ttl,
        int first = 0
    )
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        scoped ReadOnlySpan<byte> name = owner.GetWire(scratch);
        Mark mark = GetMark();
        int count = set.Count;
        first = count == 0 ? 0 : first % count;
        for (int i = 0; i < count; i++)
        {
            int index = first + i;
            ReadOnlySpan<byte> data = set[index < count ? index : index - count];
            if (!TryWriteRecord(section, name, set.Type, set.Class, ttl, data))
            {
                Rewind(mark);
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes an OPT record into the additional section (RFC 6891), and the low bits of the response code into the header.</summary>
    /// <param name="payloadSize">The largest UDP payload that we take, in bytes.</param>
    /// <param name="code">The response code, 0 to 4095.</param>
    /// <param name="dnssecOk">DO (RFC 3225).</param>
    /// <param name="options">Options made with <see cref="EdnsOption.TryAppend"/>.</param>
    /// <param name="version">The version of EDNS.</param>
    /// <returns>False when it does not fit or the options are malformed: then nothing was written.</returns>
    public bool TryWriteEdns(
        ushort payloadSize,
        ResponseCode code,
        bool dnssecOk,
        scoped ReadOnlySpan<byte> options = default,
        byte version = 0
    )
    {
        uint ttl =
            (uint)code >> 4 << 24 | (uint)version << 16 | (dnssecOk ? EdnsView.DnssecOkFlag : 0u);
        if (
            !TryWriteRecord(
                MessageSection.Additional,
                DnsName.Root.Wire,
                RecordType.Opt,
                (RecordClass)payloadSize,
                ttl,
                options
            )
        )
        {
            return false;
        }

        Header = Header with { ResponseCode = (ResponseCode)((ushort)code & 0xf) };
        return true;
    }

    /// <summary>Writes the header and ends the message.</summary>
    /// <returns>Length of the message in bytes.</returns>
    public readonly int Finish()
    {
        DnsHeader header = Header with
        {
            QuestionCount = _counts[0],
            AnswerCount = _counts[1],
            AuthorityCount = _counts[2],
            AdditionalCount = _counts[3],
        };
        header.Write(_buffer);
        return _at;
    }

    private bool TryWriteRecord(
        MessageSection section,
        scoped ReadOnlySpan<byte> owner,
        RecordType type,
        RecordClass recordClass,
        uint ttl,
        scoped ReadOnlySpan<byte> data
    )
    {
        Begin(section);
        int start = _at;
        if (
            _counts[(int)section] == ushort.MaxValue
            || data.Length > ushort.MaxValue
            || !TryWriteName(owner, compress: true)
            || Room < 10
        )
        {
            return Undo(start);
        }

        WriteUInt16((ushort)type);
        WriteUInt16((ushort)recordClass);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[_at..], ttl);
        _at += 6;
        int dataAt = _at;
        RDataLayout layout = RDataLayout.Of(type, recordClass);
        var fields = new RDataFieldReader(layout, data, 0, data.Length, inMessage: false);
        while (fields.MoveNext())
        {
            if (fields.IsName)
            {
                if (!TryWriteName(fields.Bytes, fields.Field == RDataField.CompressibleName))
                {
                    return Undo(start);
                }
            }
            else if (fields.Bytes.TryCopyTo(_buffer[_at.._limit]))
            {
                _at += fields.Bytes.Length;
            }
            else
            {
                return Undo(start);
            }
        }

        if (fields.Error != WireError.None)
        {
            return Undo(start);
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(dataAt - 2)..], (ushort)(_at - dataAt));
        _counts[(int)section]++;
        return true;
    }

    private void Begin(MessageSection section)
    {
        if (section < _section)
        {
            throw new InvalidOperationException(
                $"The {section} section comes before the {_section} section, which was begun: write the sections in their order."
            );
        }

        _section = section;
    }

    private bool Undo(int start)
    {
        _at = start;
        _names.Forget(start);
        return false;
    }

    private void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_at..], value);
        _at += 2;
    }

    private bool TryWriteName(scoped ReadOnlySpan<byte> wire, bool compress)
    {
        int kept = wire.Length;
        int pointer = -1;
        // The longest suffix that stands in the message already is replaced by a pointer to it.
        for (int at = 0; compress && wire[at] != 0; at += wire[at] + 1)
        {
            pointer = _names.Find(_buffer, wire[at..]);
            if (pointer >= 0)
            {
                kept = at;
                break;
            }
        }

        if (kept + (pointer >= 0 ? 2 : 0) > Room)
        {
            return false;
        }

        wire[..kept].CopyTo(_buffer[_at..]);
        for (int at = 0; at < kept && wire[at] != 0; at += wire[at] + 1)
        {
            _names.Add(_at + at, wire[at..]);
        }

        _at += kept;
        if (pointer >= 0)
        {
            WriteUInt16((ushort)(0xc000 | pointer));
        }

        return true;
    }

    /// <summary>How far a message was; made by <see cref="GetMark"/>.</summary>
    public readonly struct Mark
    {
        internal Mark(int at, MessageSection section, Counts counts)
        {
            At = at;
            Section = section;
            Counts = counts;
        }

        internal int At { get; }

        internal MessageSection Section { get; }

        internal Counts Counts { get; }
    }

    [InlineArray(4)]
    internal struct Counts
    {
        private ushort _first;
    }
}
