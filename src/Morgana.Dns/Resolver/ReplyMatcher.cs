namespace Morgana.Dns;

/// <summary>Tells answers from forgeries (RFC 5452 section 9), and takes the random case out of them.</summary>
/// <param name="maxReply">The longest datagram, in bytes.</param>
internal sealed class ReplyMatcher(int maxReply)
{
    private readonly byte[] _reply = new byte[maxReply];

    /// <summary>Whether a datagram answers a question.</summary>
    public static ReplyMatch Match(UpstreamQuery query, ReadOnlySpan<byte> message)
    {
        if (
            !MessageReader.TryCreate(message, out MessageReader reader)
            || !reader.Header.IsResponse
            || reader.Header.Id != query.Id
            || reader.Header.Opcode != Opcode.Query
        )
        {
            return ReplyMatch.None;
        }

        if (reader.Header.QuestionCount == 0)
        {
            // Servers that choke on EDNS may send the bare header back. It only makes us ask again without.
            return
                query.Edns
                && reader.Header.ResponseCode
                    is ResponseCode.FormatError
                        or ResponseCode.NotImplemented
                ? ReplyMatch.Full
                : ReplyMatch.None;
        }

        if (
            reader.Header.QuestionCount != 1
            || !reader.TryReadQuestion(out QuestionView question)
            || !question.Is(query.Asked)
        )
        {
            return ReplyMatch.None;
        }

        return
            query.ExactCase
            && question.Name.TryGetWire(out ReadOnlySpan<byte> wire)
            && !wire.SequenceEqual(query.SentName)
            ? ReplyMatch.OtherCase
            : ReplyMatch.Full;
    }

    /// <summary>
    /// The reply with the question's name in its own case: names in it that end in pointers to the question would else carry the random case
    /// into the cache, and from there to clients.
    /// </summary>
    public ReadOnlySpan<byte> WithoutRandomCase(UpstreamQuery query, ReadOnlySpan<byte> message)
    {
        if (!query.ExactCase || !message[DnsHeader.Size..].StartsWith(query.SentName))
        {
            return message;
        }

        Span<byte> copy = _reply.AsSpan(0, message.Length);
        message.CopyTo(copy);
        query.Asked.Name.Wire.CopyTo(copy[DnsHeader.Size..]);
        return copy;
    }
}
