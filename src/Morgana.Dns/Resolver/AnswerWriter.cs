using System.Runtime.CompilerServices;
using System.Text;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>Writes answers to clients: the question in the client's case, then as little as answers it.</summary>
internal static class AnswerWriter
{
    /// <summary>The largest answer over UDP in bytes: it passes nearly all paths in one piece (DNS flag day 2020).</summary>
    public const int MaxPayload = 1232;

    /// <summary>What a client without EDNS takes (RFC 1035 section 4.2.1).</summary>
    public const int PlainPayload = 512;

    public static MessageWriter Begin(
        Span<byte> buffer,
        in ClientRequest request,
        ReadOnlySpan<byte> name,
        RecordType type,
        RecordClass recordClass
    )
    {
        MessageWriter writer = Begin(buffer, request);
        _ = writer.TryWriteQuestion(
            new QuestionView(DnsNameView.FromWire(name), type, recordClass)
        );
        return writer;
    }

    /// <summary>Begins an answer without a question: the client's could not be read.</summary>
    public static MessageWriter Begin(Span<byte> buffer, in ClientRequest request)
    {
        int limit = request.Edns
            ? Math.Clamp(request.PayloadSize, PlainPayload, MaxPayload)
            : PlainPayload;
        MessageWriter writer = new(buffer[..Math.Min(limit, buffer.Length)])
        {
            // RFC 4035 section 3.2.2: CD comes back as it was. Nothing is validated, so AD never does (section 3.2.3).
            Header = new DnsHeader(
                request.Id,
                HeaderFlags.Response
                    | HeaderFlags.RecursionAvailable
                    | request.Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled),
                request.Opcode
            ),
        };
        if (request.Edns)
        {
            _ = writer.TryReserve(MessageWriter.EdnsSize);
        }

        return writer;
    }

    /// <summary>Marks the answer as cut off.</summary>
    public static void Truncate(ref MessageWriter writer) =>
        writer.Header = writer.Header with { Flags = writer.Header.Flags | HeaderFlags.Truncated };

    /// <summary>Writes the SOA of a denial.</summary>
    public static void WriteSoa(ref MessageWriter writer, RecordSet soa, uint ttl)
    {
        // RFC 2308 section 3: the TTL of a denial is that of its SOA.
        if (!writer.TryWriteSet(MessageSection.Authority, soa.Name.View, soa, ttl))
        {
            Truncate(ref writer);
        }
    }

    [SkipLocalsInit]
    public static int Finish(
        ref MessageWriter writer,
        in ClientRequest request,
        ResponseCode code,
        ExtendedErrorCode? error = null,
        string detail = ""
    )
    {
        if (!request.Edns)
        {
            writer.Header = writer.Header with { ResponseCode = (ResponseCode)((int)code & 0xf) };
            return writer.Finish();
        }

        _ = writer.TryReserve(-MessageWriter.EdnsSize);
        Span<byte> options = stackalloc byte[128];
        int length = 0;
        if (error is { } extended)
        {
            Span<byte> text = stackalloc byte[96];
            int written = Encoding.ASCII.GetBytes(
                detail.AsSpan(0, Math.Min(detail.Length, text.Length)),
                text
            );
            _ = EdnsOption.TryAppendExtendedError(options, ref length, extended, text[..written]);
        }

        if (!writer.TryWriteEdns(MaxPayload, code, dnssecOk: false, options[..length]))
        {
            _ = writer.TryWriteEdns(MaxPayload, code, dnssecOk: false);
        }

        return writer.Finish();
    }

    public static int Write(
        Span<byte> buffer,
        in ClientRequest request,
        DnsName name,
        RecordType type,
        Outcome outcome,
        int rotation,
        Instant now
    )
    {
        MessageWriter writer = Begin(buffer, request, name.Wire, type, RecordClass.Internet);
        bool whole = true;
        foreach (TimedSet link in outcome.Chain)
        {
            uint ttl = CacheEntry.TtlOf(link.Expires, now);
            whole = writer.TryWriteSet(
                MessageSection.Answer,
                link.Set.Name.View,
                link.Set,
                ttl,
                rotation
            );
            if (!whole)
            {
                Truncate(ref writer);
                break;
            }
        }

        if (whole && outcome.Soa is { } soa)
        {
            WriteSoa(ref writer, soa, CacheEntry.TtlOf(outcome.SoaExpires, now));
        }

        return Finish(ref writer, request, outcome.Code, outcome.Error, outcome.Detail);
    }
}
