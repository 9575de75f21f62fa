using Morgana.Net;

namespace Morgana.Dns;

/// <summary>
/// Reads the reply of a server that was asked as an authority of a zone. The server is believed about names at or below that zone and about
/// nothing else (the bailiwick): all other records are passed over as if they were not there. Records that do not belong to the
/// answer of the question are passed over too.
/// </summary>
internal static class ReplyReader
{
    /// <summary>Most sets of an answer section that are looked at; a chain within one message is shorter.</summary>
    private const int MaxAnswerSets = 32;

    /// <summary>Most NS sets of an authority section that are looked at; one is usual.</summary>
    private const int MaxServerSets = 4;

    /// <summary>Most addresses that are taken from one referral: enough for the root's 13 servers in both families.</summary>
    private const int MaxGlue = 40;

    /// <summary>Reads a reply whose id and question were found to match.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="zone">The zone whose server was asked.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="edns">Whether the question had EDNS.</param>
    public static Reply Read(ReadOnlySpan<byte> message, DnsName zone, in Question asked, bool edns)
    {
        if (!MessageReader.TryCreate(message, out MessageReader reader))
        {
            return Only(ReplyKind.Malformed);
        }

        DnsHeader header = reader.Header;
        if (header.IsTruncated)
        {
            // RFC 2181 section 9: what is cut off is not used. It may also end in the middle of a record.
            return Only(ReplyKind.Truncated);
        }

        List<RecordSetBuilder> answers = [];
        List<RecordSetBuilder> servers = [];
        bool upwards = false;
        RecordSetBuilder? soa = null;
        List<GlueAddress> glue = [];
        ResponseCode code = header.ResponseCode;
        while (reader.TryReadRecord(out RecordView record))
        {
            if (EdnsView.TryRead(record, out EdnsView view))
            {
                code = view.ExtendResponseCode(code);
                continue;
            }

            if (record.Class != asked.Class || !record.Name.IsAtOrBelow(zone))
            {
                upwards |=
                    record.Section == MessageSection.Authority && record.Type == RecordType.Ns;
                continue;
            }

            switch (record.Section)
            {
                case MessageSection.Answer:
                    Gather(answers, record, MaxAnswerSets);
                    break;
                case MessageSection.Authority when record.Type == RecordType.Ns:
                    Gather(servers, record, MaxServerSets);
                    break;
                case MessageSection.Authority when record.Type == RecordType.Soa:
                    Gather(ref soa, record);
                    break;
                case MessageSection.Additional
                    when glue.Count < MaxGlue && record.Data.TryGetAddress(out IpAddress address):
                    glue.Add(new GlueAddress(record.Name.ToName(), address, record.Ttl));
                    break;
            }
        }

        bool good = reader.Error == WireError.None && reader.Position == message.Length;
        if (edns && IsEdnsRefusal(code))
        {
            return Only(ReplyKind.EdnsRefused);
        }

        if (!good)
        {
            return Only(ReplyKind.Malformed);
        }

        switch (code)
        {
            case ResponseCode.NoError or ResponseCode.NameError or ResponseCode.NameExists:
                break;
            case ResponseCode.Refused or ResponseCode.NotAuthoritative:
                return Only(ReplyKind.Lame);
            default:
                return Only(ReplyKind.ServerFailure);
        }

        return Judge(
            header,
            code,
            zone,
            asked,
            answers,
            servers,
            upwards,
            soa is { Count: 1 } ? soa.Build() : null,
            glue
        );
    }

    // A server that does not know EDNS may say so in three ways (RFC 6891 sections 6.1.3 and 7).
    private static bool IsEdnsRefusal(ResponseCode code) =>
        code is ResponseCode.FormatError or ResponseCode.NotImplemented or ResponseCode.BadVersion;

    private static Reply Judge(
        DnsHeader header,
        ResponseCode code,
        DnsName zone,
        in Question asked,
        List<RecordSetBuilder> answers,
        List<RecordSetBuilder> serverSets,
        bool upwards,
        RecordSet? soa,
        List<GlueAddress> glue
    )
    {
        bool authoritative = (header.Flags & HeaderFlags.Authoritative) != 0;
        // Who offers recursion and has no authority answers from a cache that we know nothing of.
        if (!authoritative && (header.Flags & HeaderFlags.RecursionAvailable) != 0)
        {
            if (answers.Count > 0 || soa is not null || code == ResponseCode.NameError)
            {
                return Only(ReplyKind.Lame);
            }
        }

        List<RecordSet> chain = [];
        DnsName name = asked.Name;
        FollowResult end = Follow(answers, asked.Type, zone, ref name, chain);
        if (end == FollowResult.Loop)
        {
            return Only(ReplyKind.Malformed);
        }

        if (end == FollowResult.TooLong || code == ResponseCode.NameExists)
        {
            return new Reply
            {
                Kind = chain.Count > 0 ? ReplyKind.NameTooLong : ReplyKind.ServerFailure,
                Authoritative = authoritative,
                Chain = chain,
            };
        }

        RecordSet? servers = Nearest(serverSets, name);
        if (end == FollowResult.Found)
        {
            bool rootServers = asked.Type == RecordType.Ns && asked.Name.IsRoot;
            return new Reply
            {
                Kind = ReplyKind.Answer,
                Authoritative = authoritative,
                Chain = chain,
                Target = name,
                Servers = rootServers ? chain[^1] : null,
                Glue = rootServers ? glue : [],
                AuthorityServers =
                    authoritative && servers is not null && name.IsAtOrBelow(servers.Name)
                        ? servers
                        : null,
            };
        }

        // What the rest of the message says, it says about the last name of the chain (RFC 6604, RFC 2308 section 2.1),
        // which is only this server's business inside its zone.
        bool ours = name.IsAtOrBelow(zone);
        RecordSet? denial = soa is not null && ours && name.IsAtOrBelow(soa.Name) ? soa : null;
        ReplyKind kind;
        if (code == ResponseCode.NameError && ours && (authoritative || denial is not null))
        {
            kind = ReplyKind.NameError;
        }
        else if (denial is not null && code == ResponseCode.NoError)
        {
            kind = ReplyKind.NoData;
        }
        else if (chain.Count > 0)
        {
            kind = ReplyKind.Alias;
        }
        else if (code == ResponseCode.NameError)
        {
            kind = ReplyKind.Lame;
        }
        else if (
            servers is not null
            && servers.Name.IsBelow(zone)
            && name.IsAtOrBelow(servers.Name)
            // The parent answers for DS at a cut (RFC 4035 section 3.1.4.1): a referral to the child is no answer to that.
            && !(asked.Type == RecordType.Ds && servers.Name.Equals(name))
        )
        {
            return new Reply
            {
                Kind = ReplyKind.Referral,
                Servers = servers,
                Glue = glue,
            };
        }
        else
        {
            // A referral to itself or upwards, or nothing at all: with AA it is NODATA without the SOA that there should be,
            // in whose place some servers put the zone's own NS.
            bool empty = servers is null ? !upwards : servers.Name.Equals(zone);
            kind = authoritative && empty ? ReplyKind.NoData : ReplyKind.Lame;
        }

        return new Reply
        {
            Kind = kind,
            Authoritative = authoritative,
            Chain = chain,
            Target = name,
            Soa = kind is ReplyKind.NoData or ReplyKind.NameError ? denial : null,
        };
    }

    private static FollowResult Follow(
        List<RecordSetBuilder> answers,
        RecordType type,
        DnsName zone,
        ref DnsName name,
        List<RecordSet> chain
    )
    {
        // Each turn uses up a set, so a loop of CNAMEs ends.
        while (answers.Count > 0)
        {
            if (!name.IsAtOrBelow(zone))
            {
                return FollowResult.Open;
            }

            if (Take(answers, name, type) is { } found)
            {
                chain.Add(found);
                return FollowResult.Found;
            }

            if (TakeDname(answers, name) is { } dname)
            {
                chain.Add(dname);
                _ = DnsName.TryRead(dname[0], out DnsName replacement);
                if (!name.TryReplaceSuffix(dname.Name, replacement, out DnsName target))
                {
                    return FollowResult.TooLong;
                }

                // The CNAME that the server made is not signed and not needed: the same is made here.
                _ = Take(answers, name, RecordType.Cname);
                chain.Add(Alias(name, target, dname.Ttl));
                name = target;
            }
            else if (type != RecordType.Cname && Take(answers, name, RecordType.Cname) is { } alias)
            {
                if (alias.Count != 1)
                {
                    // RFC 2181 section 10.1: a name has one CNAME at most.
                    return FollowResult.Loop;
                }

                chain.Add(alias);
                _ = DnsName.TryRead(alias[0], out name);
            }
            else
            {
                return FollowResult.Open;
            }

            foreach (RecordSet link in chain)
            {
                if (link.Type == RecordType.Cname && link.Name.Equals(name))
                {
                    return FollowResult.Loop;
                }
            }
        }

        return FollowResult.Open;
    }

    private static RecordSet Alias(DnsName name, DnsName target, uint ttl)
    {
        RecordSetBuilder builder = new(name, RecordType.Cname);
        builder.Add(ttl, target.Wire);
        return builder.Build();
    }

    private static RecordSet? Take(List<RecordSetBuilder> answers, DnsName name, RecordType type)
    {
        for (int i = 0; i < answers.Count; i++)
        {
            if (answers[i].Type == type && answers[i].Name.Equals(name))
            {
                RecordSet set = answers[i].Build();
                answers.RemoveAt(i);
                return set;
            }
        }

        return null;
    }

    private static RecordSet? TakeDname(List<RecordSetBuilder> answers, DnsName name)
    {
        for (int i = 0; i < answers.Count; i++)
        {
            if (
                answers[i] is { Type: RecordType.Dname, Count: 1 } dname
                && name.IsBelow(dname.Name)
            )
            {
                answers.RemoveAt(i);
                return dname.Build();
            }
        }

        return null;
    }

    /// <summary>Of several NS sets the one nearest above a name; if there is none, any.</summary>
    private static RecordSet? Nearest(List<RecordSetBuilder> sets, DnsName name)
    {
        RecordSetBuilder? nearest = null;
        foreach (RecordSetBuilder set in sets)
        {
            if (
                nearest is null
                || (
                    name.IsAtOrBelow(set.Name)
                    && (!name.IsAtOrBelow(nearest.Name) || set.Name.IsBelow(nearest.Name))
                )
            )
            {
                nearest = set;
            }
        }

        return nearest?.Build();
    }

    private static void Gather(List<RecordSetBuilder> sets, in RecordView record, int most)
    {
        foreach (RecordSetBuilder set in sets)
        {
            if (set.Matches(record))
            {
                set.Add(record);
                return;
            }
        }

        if (sets.Count < most)
        {
            RecordSetBuilder? added = null;
            Gather(ref added, record);
            sets.Add(added!);
        }
    }

    private static void Gather(ref RecordSetBuilder? set, in RecordView record)
    {
        set ??= new RecordSetBuilder(record.Name.ToName(), record.Type, record.Class);
        if (set.Matches(record))
        {
            set.Add(record);
        }
    }

    private static Reply Only(ReplyKind kind) => new() { Kind = kind };

    private enum FollowResult
    {
        Found,
        Open,
        Loop,
        TooLong,
    }
}
