using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// The answers that need no server: from local zones, from the cache, to special questions, and refusals. Nothing here allocates.
/// </summary>
internal sealed class ReadyAnswers
{
    private readonly ResolverOptions _options;
    private readonly DnsCache _cache;
    private readonly LocalZones _local;
    private readonly RecordSet? _version;
    private readonly RecordSet _anyAnswer;
    private int _rotation;

    public ReadyAnswers(ResolverOptions options, DnsCache cache, LocalZones local)
    {
        _options = options;
        _cache = cache;
        _local = local;
        _version = options.Version is { } version ? VersionText(version) : null;
        // RFC 8482 section 4.2: one small record that says why there are no others.
        RecordSetBuilder any = new(DnsName.Root, RecordType.Hinfo);
        any.Add(3600, "\u0007RFC8482\0"u8);
        _anyAnswer = any.Build();
    }

    /// <summary>How many of the answers told a failure that the cache remembers.</summary>
    public long CachedFailures { get; private set; }

    private static ReadOnlySpan<byte> VersionBind => "\u0007version\u0004bind\0"u8;

    private static ReadOnlySpan<byte> VersionServer => "\u0007version\u0006server\0"u8;

    /// <summary>Where the next answer begins in a set of several records.</summary>
    public int NextRotation() => _options.RotateRecords ? _rotation++ & 0xffff : 0;

    /// <summary>Answers from local zones and the cache.</summary>
    /// <returns>Length of the answer; 0 when something is missing.</returns>
    public int TryAnswer(
        Span<byte> answer,
        in ClientRequest request,
        ReadOnlySpan<byte> asked,
        RecordType type,
        Instant now
    )
    {
        MessageWriter writer = AnswerWriter.Begin(
            answer,
            request,
            asked,
            type,
            RecordClass.Internet
        );
        ReadOnlySpan<byte> name = asked;
        for (int links = 0; links <= _options.MaxAliases; links++)
        {
            DnsNameView owner = DnsNameView.FromWire(name);
            if (_local.TryAnswer(name, type, out LocalAnswer local))
            {
                if (local.Set is null)
                {
                    AnswerWriter.WriteSoa(ref writer, local.Soa, local.Soa.Ttl);
                }
                else if (
                    !writer.TryWriteSet(MessageSection.Answer, owner, local.Set, local.Set.Ttl)
                )
                {
                    AnswerWriter.Truncate(ref writer);
                }

                return AnswerWriter.Finish(ref writer, request, local.Code);
            }

            CacheEntry? entry = _cache.FindAnswer(name, type, now);
            if (entry is null)
            {
                // Without RD a client is told what there is: the aliases, if any.
                return links > 0 && !request.RecursionDesired
                    ? AnswerWriter.Finish(ref writer, request, ResponseCode.NoError)
                    : 0;
            }

            if (entry.Slot == CacheSlot.Failure)
            {
                CachedFailures++;
                // A failure carries no part of an answer, as when it was fresh: the aliases on the way are taken back.
                writer = AnswerWriter.Begin(answer, request, asked, type, RecordClass.Internet);
                return AnswerWriter.Finish(
                    ref writer,
                    request,
                    ResponseCode.ServerFailure,
                    ExtendedErrorCode.CachedError,
                    "failed a moment ago"
                );
            }

            if (entry.Set is not { } set)
            {
                AnswerWriter.WriteSoa(ref writer, entry.Soa!, entry.SecondsLeft(now));
                return AnswerWriter.Finish(
                    ref writer,
                    request,
                    entry.Slot == CacheSlot.NameError
                        ? ResponseCode.NameError
                        : ResponseCode.NoError
                );
            }

            bool fits = writer.TryWriteSet(
                MessageSection.Answer,
                owner,
                set,
                entry.SecondsLeft(now),
                NextRotation()
            );
            if (!fits)
            {
                AnswerWriter.Truncate(ref writer);
            }

            if (!fits || set.Type == type)
            {
                return AnswerWriter.Finish(ref writer, request, ResponseCode.NoError);
            }

            name = set[0];
        }

        // A longer chain is the resolution's to refuse.
        return 0;
    }

    /// <summary>Answers a question of another class than IN, or for a type that is no type of records.</summary>
    /// <returns>Length of the answer.</returns>
    public int Special(
        Span<byte> answer,
        in ClientRequest request,
        ReadOnlySpan<byte> name,
        in QuestionView question
    )
    {
        RecordSet? set = null;
        ResponseCode code = ResponseCode.NoError;
        switch (question.Class)
        {
            case RecordClass.Internet when question.Type == RecordType.Any:
                set = _anyAnswer;
                break;
            case RecordClass.Internet when question.Type is RecordType.Axfr or RecordType.Ixfr:
                code = ResponseCode.Refused;
                break;
            case RecordClass.Internet when question.Type is RecordType.Maila or RecordType.Mailb:
                code = ResponseCode.NotImplemented;
                break;
            case RecordClass.Internet:
                // OPT, TKEY, TSIG and the like are no questions.
                code = ResponseCode.FormatError;
                break;
            case RecordClass.Chaos
                when _version is not null
                    && question.Type is RecordType.Txt or RecordType.Any
                    && (
                        NameBytes.EqualIgnoringCase(name, VersionBind)
                        || NameBytes.EqualIgnoringCase(name, VersionServer)
                    ):
                set = _version;
                break;
            default:
                code = ResponseCode.Refused;
                break;
        }

        MessageWriter writer = AnswerWriter.Begin(
            answer,
            request,
            name,
            question.Type,
            question.Class
        );
        if (
            set is not null
            && !writer.TryWriteSet(MessageSection.Answer, DnsNameView.FromWire(name), set, set.Ttl)
        )
        {
            AnswerWriter.Truncate(ref writer);
        }

        return AnswerWriter.Finish(ref writer, request, code);
    }

    /// <summary>A refusal without the question.</summary>
    public static int Refuse(Span<byte> answer, in ClientRequest request, ResponseCode code)
    {
        MessageWriter writer = AnswerWriter.Begin(answer, request);
        return AnswerWriter.Finish(ref writer, request, code);
    }

    /// <summary>A refusal with the question and the reason.</summary>
    public static int Refuse(
        Span<byte> answer,
        in ClientRequest request,
        ReadOnlySpan<byte> name,
        in QuestionView question,
        ExtendedErrorCode error
    )
    {
        MessageWriter writer = AnswerWriter.Begin(
            answer,
            request,
            name,
            question.Type,
            question.Class
        );
        return AnswerWriter.Finish(ref writer, request, ResponseCode.Refused, error);
    }

    private static RecordSet VersionText(string version)
    {
        if (version.Length > 255 || !System.Text.Ascii.IsValid(version))
        {
            throw new ArgumentException(
                "The version text must be at most 255 characters of ASCII.",
                nameof(version)
            );
        }

        RecordSetBuilder builder = new(DnsName.Root, RecordType.Txt, RecordClass.Chaos);
        builder.Add(0, [(byte)version.Length, .. System.Text.Encoding.ASCII.GetBytes(version)]);
        return builder.Build();
    }
}
