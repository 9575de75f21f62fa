using System.Runtime.CompilerServices;

namespace Morgana.Dns;

/// <summary>
/// Answers questions from zones (RFC 1034 section 4.3.2, without recursion): bytes in, bytes out, no I/O, no clock. Answers are
/// minimal: addresses of hosts that an answer names and what a referral needs, but no NS sets that nobody asked for.
/// </summary>
public sealed class AuthoritativeServer : IDnsResponder
{
    /// <summary>The largest answer over UDP, and what we tell clients to send at most: no fragments on any usual path (RFC 9715).</summary>
    public const int MaxUdpPayload = 1232;

    /// <summary>The largest answer to a client without EDNS (RFC 1035 section 4.2.1).</summary>
    public const int PlainUdpPayload = 512;

    /// <summary>Aliases followed in one answer; a client asks again from where the answer ends.</summary>
    public const int MaxAliases = 16;

    private readonly Dictionary<DnsName, Zone> _zones = new(DnsNameComparer.Instance);
    private readonly Dictionary<DnsName, Zone>.AlternateLookup<DnsNameView> _lookup;

    /// <summary>A server of these zones.</summary>
    /// <param name="zones">The zones; more specific ones come first in answers.</param>
    /// <exception cref="ArgumentException">Two zones have the same name.</exception>
    public AuthoritativeServer(IEnumerable<Zone> zones)
    {
        ArgumentNullException.ThrowIfNull(zones);
        foreach (Zone zone in zones)
        {
            if (!_zones.TryAdd(zone.Origin, zone))
            {
                throw new ArgumentException(
                    $"There are two zones named {zone.Origin}: give each once.",
                    nameof(zones)
                );
            }
        }

        _lookup = _zones.GetAlternateLookup<DnsNameView>();
    }

    /// <summary>The zones that are served, in no order.</summary>
    public IReadOnlyCollection<Zone> Zones => _zones.Values;

    /// <inheritdoc/>
    public int Respond(ReadOnlySpan<byte> query, DnsPeer peer, Span<byte> answer) =>
        Respond(query, answer);

    /// <summary>Answers one message.</summary>
    /// <param name="query">The message as received.</param>
    /// <param name="answer">Where the answer goes; at least 512 bytes make sense, more than 1232 are not used.</param>
    /// <returns>Length of the answer in bytes; 0 for what must not be answered: no whole header, or itself an answer.</returns>
    public int Respond(ReadOnlySpan<byte> query, Span<byte> answer)
    {
        if (
            answer.Length < DnsHeader.Size
            || !MessageReader.TryCreate(query, out MessageReader reader)
            || reader.Header.IsResponse
        )
        {
            return 0;
        }

        DnsHeader asked = reader.Header;
        if (asked.Opcode != Opcode.Query)
        {
            return Fail(asked, ResponseCode.NotImplemented, answer);
        }

        bool hasQuestion = reader.TryReadQuestion(out QuestionView question);
        WireError error = reader.ReadToEnd(out EdnsView edns, out bool hasEdns);
        if (
            error != WireError.None
            || !hasQuestion
            || asked.QuestionCount != 1
            || asked.AnswerCount != 0
            || asked.AuthorityCount != 0
            || asked.IsTruncated
        )
        {
            return Fail(asked, ResponseCode.FormatError, answer);
        }

        int limit = hasEdns
            ? Math.Clamp((int)edns.PayloadSize, PlainUdpPayload, MaxUdpPayload)
            : PlainUdpPayload;
        var writer = new MessageWriter(answer[..Math.Min(limit, answer.Length)])
        {
            Header = Reply(asked, ResponseCode.NoError),
        };
        if (
            (hasEdns && !writer.TryReserve(MessageWriter.EdnsSize))
            || !writer.TryWriteQuestion(question)
        )
        {
            return Fail(asked, ResponseCode.ServerFailure, answer);
        }

        ResponseCode code =
            hasEdns && edns.Version > 0 ? ResponseCode.BadVersion : Answer(ref writer, question);
        if (!hasEdns)
        {
            writer.Header = writer.Header with { ResponseCode = code };
            return writer.Finish();
        }

        // The room was reserved, so this always fits.
        _ = writer.TryReserve(-MessageWriter.EdnsSize);
        _ = writer.TryWriteEdns(MaxUdpPayload, code, edns.DnssecOk);
        return writer.Finish();
    }

    private static DnsHeader Reply(in DnsHeader asked, ResponseCode code) =>
        new(
            asked.Id,
            HeaderFlags.Response
                | asked.Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled),
            asked.Opcode,
            code
        );

    private static int Fail(in DnsHeader asked, ResponseCode code, Span<byte> answer)
    {
        // Without the question: in a message that cannot be read there may be none.
        Reply(asked, code).Write(answer);
        return DnsHeader.Size;
    }

    private ResponseCode Answer(ref MessageWriter writer, scoped in QuestionView question)
    {
        switch (question.Type)
        {
            case RecordType.Axfr or RecordType.Ixfr:
                return ResponseCode.Refused;
            case RecordType.Maila or RecordType.Mailb:
                return ResponseCode.NotImplemented;
            case RecordType.Opt or RecordType.None:
                return ResponseCode.FormatError;
        }

        Zone? zone = FindZone(question.Name, question.Type);
        if (zone is null || question.Class != zone.Class)
        {
            return ResponseCode.Refused;
        }

        var aliases = new Aliases();
        var dnames = new Dnames();
        int count = 0;
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        DnsNameView name = DnsNameView.FromWire(question.Name.GetWire(scratch));
        writer.Header = writer.Header with
        {
            Flags = writer.Header.Flags | HeaderFlags.Authoritative,
        };
        while (true)
        {
            ZoneMatch match = zone.Find(name);
            DnsName target;
            switch (match.Kind)
            {
                case ZoneMatchKind.OutOfZone:
                    return ResponseCode.NoError;
                case ZoneMatchKind.NoName:
                    WriteDenial(ref writer, zone);
                    return ResponseCode.NameError;
                case ZoneMatchKind.Delegation
                    when !(match.IsNode && question.Type == RecordType.Ds):
                    WriteReferral(ref writer, zone, match.Node!, isFirst: count == 0);
                    return ResponseCode.NoError;
                case ZoneMatchKind.Dname:
                    RecordSet dname = match.Node!.Dname!;
                    // A chain may come through the same DNAME again, but a set stands in an answer once.
                    if (
                        !((ReadOnlySpan<ZoneNode?>)dnames)[..count].Contains(match.Node)
                        && !TryWriteSet(ref writer, match.Node.Name.View, dname)
                    )
                    {
                        return ResponseCode.NoError;
                    }

                    if (count < MaxAliases)
                    {
                        dnames[count] = match.Node;
                    }

                    _ = dname.View(0).TryGetName(out DnsNameView replacement);
                    if (
                        !name.ToName()
                            .TryReplaceSuffix(match.Node.Name, replacement.ToName(), out target)
                    )
                    {
                        return ResponseCode.NameExists;
                    }

                    if (
                        !writer.TryWriteRecord(
                            MessageSection.Answer,
                            name,
                            RecordType.Cname,
                            zone.Class,
                            dname.Ttl,
                            target.Wire
                        )
                    )
                    {
                        return Truncate(ref writer);
                    }

                    if (replacement.IsAtOrBelow(match.Node.Name))
                    {
                        // It leads below itself: the names would grow for ever.
                        return ResponseCode.NoError;
                    }

                    break;
                default:
                    ZoneNode node = match.Node!;
                    RecordSet? found =
                        question.Type == RecordType.Any
                            // RFC 8482 section 4.1: one of the sets is answer enough.
                            ? node.Sets.IsEmpty
                                ? null
                                : node.Sets[0]
                            : node.Find(question.Type);
                    if (found is not null)
                    {
                        if (TryWriteSet(ref writer, name, found))
                        {
                            WriteAddresses(ref writer, zone, found);
                        }

                        return ResponseCode.NoError;
                    }

                    if (node.Find(RecordType.Cname) is not { } alias)
                    {
                        WriteDenial(ref writer, zone);
                        return ResponseCode.NoError;
                    }

                    if (!TryWriteSet(ref writer, name, alias))
                    {
                        return ResponseCode.NoError;
                    }

                    target = node.AliasTarget;
                    break;
            }

            // A synthesised alias answers a question for aliases; a chain that bites its tail ends the answer.
            if (
                question.Type is RecordType.Cname or RecordType.Any
                || count == MaxAliases
                || question.Name.Equals(target)
                || ((ReadOnlySpan<DnsName>)aliases)[..count].Contains(target)
            )
            {
                return ResponseCode.NoError;
            }

            aliases[count++] = target;
            name = target.View;
        }
    }

    /// <summary>The zone with the longest name at or above this one; for DS the one above the cut (RFC 4035 section 3.1.4.1).</summary>
    private Zone? FindZone(DnsNameView name, RecordType type)
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        ReadOnlySpan<byte> wire = name.GetWire(scratch);
        Zone? fallback = null;
        for (bool isSelf = true; ; isSelf = false)
        {
            if (_lookup.TryGetValue(DnsNameView.FromWire(wire), out Zone? zone))
            {
                if (!isSelf || type != RecordType.Ds || wire.Length == 1)
                {
                    return zone;
                }

                fallback = zone;
            }

            if (wire.Length == 1)
            {
                return fallback;
            }

            wire = wire[(wire[0] + 1)..];
        }
    }

    private static ResponseCode Truncate(ref MessageWriter writer)
    {
        writer.Header = writer.Header with { Flags = writer.Header.Flags | HeaderFlags.Truncated };
        return ResponseCode.NoError;
    }

    private static bool TryWriteSet(
        ref MessageWriter writer,
        scoped DnsNameView owner,
        RecordSet set
    )
    {
        if (writer.TryWriteSet(MessageSection.Answer, owner, set, set.Ttl))
        {
            return true;
        }

        Truncate(ref writer);
        return false;
    }

    private static void WriteDenial(ref MessageWriter writer, Zone zone)
    {
        if (
            !writer.TryWriteSet(
                MessageSection.Authority,
                zone.Origin.View,
                zone.Soa,
                zone.NegativeTtl
            )
        )
        {
            Truncate(ref writer);
        }
    }

    private static void WriteReferral(
        ref MessageWriter writer,
        Zone zone,
        ZoneNode cut,
        bool isFirst
    )
    {
        if (isFirst)
        {
            // What is below a cut is somebody else's authority; only an alias before it was ours.
            writer.Header = writer.Header with
            {
                Flags = writer.Header.Flags & ~HeaderFlags.Authoritative,
            };
        }

        RecordSet servers = cut.Find(RecordType.Ns)!;
        if (!writer.TryWriteSet(MessageSection.Authority, cut.Name.View, servers, servers.Ttl))
        {
            Truncate(ref writer);
            return;
        }

        // RFC 9471: without the addresses of servers inside the delegated zone nobody gets there, so they are not optional.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < servers.Count; i++)
            {
                if (
                    IsFirstTarget(servers, i, out DnsNameView server)
                    && server.IsAtOrBelow(cut.Name) == (pass == 0)
                    && !TryWriteAddresses(ref writer, zone, server)
                    && pass == 0
                )
                {
                    Truncate(ref writer);
                    return;
                }
            }
        }
    }

    private static void WriteAddresses(ref MessageWriter writer, Zone zone, RecordSet set)
    {
        for (int i = 0; i < set.Count; i++)
        {
            if (
                IsFirstTarget(set, i, out DnsNameView target)
                && !TryWriteAddresses(ref writer, zone, target)
            )
            {
                return;
            }
        }
    }

    /// <summary>The host that a record names, unless it is none (the root) or an earlier record of the set names it.</summary>
    private static bool IsFirstTarget(RecordSet set, int index, out DnsNameView target)
    {
        if (!AdditionalData.TryGetTarget(set.View(index), out target) || target.IsRoot)
        {
            return false;
        }

        for (int i = 0; i < index; i++)
        {
            if (
                AdditionalData.TryGetTarget(set.View(i), out DnsNameView earlier)
                && earlier.Equals(target)
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the addresses of a host that the zone knows, as glue or as its own; false when they do not fit.</summary>
    private static bool TryWriteAddresses(
        ref MessageWriter writer,
        Zone zone,
        scoped DnsNameView host
    )
    {
        if (!zone.TryGetNode(host, out ZoneNode? node))
        {
            ZoneMatch match = zone.Find(host);
            if (match.Kind != ZoneMatchKind.Wildcard)
            {
                return true;
            }

            node = match.Node!;
        }

        return TryWrite(ref writer, host, node.Find(RecordType.A))
            && TryWrite(ref writer, host, node.Find(RecordType.Aaaa));

        static bool TryWrite(ref MessageWriter writer, scoped DnsNameView host, RecordSet? set) =>
            set is null || writer.TryWriteSet(MessageSection.Additional, host, set, set.Ttl);
    }

    [InlineArray(MaxAliases)]
    private struct Aliases
    {
        private DnsName _first;
    }

    [InlineArray(MaxAliases)]
    private struct Dnames
    {
        private ZoneNode? _first;
    }
}
