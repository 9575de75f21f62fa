using CsCheck;
using Morgana.Runtime;
using static Morgana.Dns.Tests.CacheRecords;

namespace Morgana.Dns.Tests;

public class DnsCacheTests
{
    private static readonly Instant Start = new(1_000_000_000_000);

    private readonly DnsCache _cache = new(new CacheOptions());

    private static Instant After(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private CacheEntry? Find(string name, RecordType type, double seconds = 0) =>
        _cache.FindAnswer(DnsName.Parse(name).Wire, type, After(seconds));

    [Fact]
    public void A_set_is_found_in_any_case_until_its_TTL_is_over()
    {
        RecordSet set = Set("www.test.", 300, "192.0.2.1");
        _cache.Put(set, Credibility.AuthoritativeAnswer, Start);
        Assert.Same(set, Find("WWW.Test.", RecordType.A)!.Set);
        Assert.Equal(300u, Find("www.test.", RecordType.A)!.SecondsLeft(Start));
        Assert.Equal(199u, Find("www.test.", RecordType.A, 100.5)!.SecondsLeft(After(100.5)));
        Assert.NotNull(Find("www.test.", RecordType.A, 299.9));
        Assert.Null(Find("www.test.", RecordType.A, 300));
        Assert.Null(Find("www.test.", RecordType.Aaaa));
    }

    [Fact]
    public void A_TTL_of_zero_is_not_kept_and_leaves_what_was_there()
    {
        _cache.Put(Set("www.test.", 300, "192.0.2.1"), Credibility.AuthoritativeAnswer, Start);
        _cache.Put(Set("www.test.", 0, "192.0.2.2"), Credibility.AuthoritativeAnswer, Start);
        Assert.NotNull(Find("www.test.", RecordType.A));
        _cache.Put(Set("zero.test.", 0, "192.0.2.2"), Credibility.AuthoritativeAnswer, Start);
        Assert.Null(Find("zero.test.", RecordType.A));
    }

    [Theory]
    [InlineData(2147483647u, 86400)]
    [InlineData(86401u, 86400)]
    [InlineData(86399u, 86399)]
    public void TTLs_are_capped_at_a_day(uint ttl, int kept)
    {
        _cache.Put(Set("www.test.", ttl, "192.0.2.1"), Credibility.AuthoritativeAnswer, Start);
        Assert.NotNull(Find("www.test.", RecordType.A, kept - 1));
        Assert.Null(Find("www.test.", RecordType.A, kept));
    }

    [Fact]
    public void A_least_TTL_can_be_set()
    {
        DnsCache cache = new(new CacheOptions { MinTtl = TimeSpan.FromSeconds(30) });
        Instant until = cache.Put(
            Set("www.test.", 0, "192.0.2.1"),
            Credibility.AuthoritativeAnswer,
            Start
        );
        Assert.Equal(After(30), until);
        Assert.Throws<ArgumentException>(() =>
            new DnsCache(new CacheOptions { MinTtl = TimeSpan.FromDays(2) })
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new DnsCache(new CacheOptions { MaxBytes = 1 })
        );
    }

    [Theory]
    [InlineData(3600, 300, 300)]
    [InlineData(60, 300, 60)]
    [InlineData(86400, 86400, 3600)]
    public void A_denial_lives_for_the_lesser_of_the_SOAs_TTL_and_minimum_and_at_most_an_hour(
        uint ttl,
        uint minimum,
        int kept
    )
    {
        RecordSet soa = Soa("test.", ttl, minimum);
        _cache.PutNoData(DnsName.Parse("www.test."), RecordType.A, soa, Start);
        _cache.PutNameError(DnsName.Parse("none.test."), soa, Start);
        Assert.Same(soa, Find("www.test.", RecordType.A, kept - 1)!.Soa);
        Assert.Null(Find("www.test.", RecordType.A, kept));
        Assert.Null(Find("www.test.", RecordType.Mx));
        Assert.Equal(CacheSlot.NameError, Find("none.test.", RecordType.Mx, kept - 1)!.Slot);
        Assert.Null(Find("none.test.", RecordType.Mx, kept));
    }

    [Fact]
    public void Nothing_is_below_a_name_that_does_not_exist()
    {
        _cache.PutNameError(DnsName.Parse("none.test."), Soa("test.", 300, 300), Start);
        Assert.Equal(CacheSlot.NameError, Find("a.b.none.test.", RecordType.A)!.Slot);
        Assert.Null(Find("test.", RecordType.A));
        Assert.Null(Find("anone.test.", RecordType.A));
    }

    [Fact]
    public void A_set_below_a_denied_name_is_believed_more_than_the_denial()
    {
        _cache.PutNameError(DnsName.Parse("none.test."), Soa("test.", 300, 300), Start);
        _cache.Put(Set("a.none.test.", 300, "192.0.2.1"), Credibility.AuthoritativeAnswer, Start);
        Assert.NotNull(Find("a.none.test.", RecordType.A)!.Set);
    }

    [Fact]
    public void An_alias_answers_for_every_type_but_its_own_absence_for_none()
    {
        _cache.Put(
            Set(RecordType.Cname, "a.test.", 300, "b.test."),
            Credibility.AuthoritativeAnswer,
            Start
        );
        Assert.Equal(RecordType.Cname, Find("a.test.", RecordType.Mx)!.Set!.Type);
        Assert.Equal(RecordType.Cname, Find("a.test.", RecordType.Cname)!.Set!.Type);
        _cache.PutNoData(DnsName.Parse("c.test."), RecordType.Cname, Soa("test.", 300, 300), Start);
        Assert.Null(Find("c.test.", RecordType.A));
        Assert.NotNull(Find("c.test.", RecordType.Cname));
    }

    [Theory]
    [InlineData(Credibility.AuthoritativeAnswer, Credibility.NonAuthoritativeAnswer, false)]
    [InlineData(Credibility.AuthoritativeAnswer, Credibility.AuthoritativeAuthority, false)]
    [InlineData(Credibility.NonAuthoritativeAnswer, Credibility.AuthoritativeAuthority, false)]
    [InlineData(Credibility.AuthoritativeAuthority, Credibility.NonAuthoritativeAnswer, true)]
    [InlineData(Credibility.NonAuthoritativeAnswer, Credibility.AuthoritativeAnswer, true)]
    [InlineData(Credibility.AuthoritativeAnswer, Credibility.AuthoritativeAnswer, true)]
    public void Data_of_less_credibility_never_replaces_better_while_that_is_fresh(
        object first,
        object second,
        bool replaces
    )
    {
        _cache.Put(Set("www.test.", 100, "192.0.2.1"), (Credibility)first, Start);
        RecordSet other = Set("www.test.", 200, "192.0.2.2");
        _cache.Put(other, (Credibility)second, Start);
        Assert.Equal(replaces, Find("www.test.", RecordType.A)!.Set == other);
        _cache.Put(other, (Credibility)second, After(100));
        Assert.Same(other, Find("www.test.", RecordType.A, 100)!.Set);
    }

    [Fact]
    public void Failures_in_a_row_are_remembered_for_twice_as_long_each_time_up_to_a_limit()
    {
        DnsName name = DnsName.Parse("bad.test.");
        double now = 0;
        foreach (int seconds in (int[])[5, 10, 20, 40, 80, 80, 80])
        {
            _cache.PutFailure(name, RecordType.A, After(now));
            Assert.Equal(
                CacheSlot.Failure,
                Find("bad.test.", RecordType.A, now + seconds - 0.1)!.Slot
            );
            Assert.Null(Find("bad.test.", RecordType.A, now + seconds));
            Assert.Null(Find("bad.test.", RecordType.Mx, now));
            now += seconds + 1;
        }

        // After a time of quiet it begins anew.
        now += 1000;
        _cache.PutFailure(name, RecordType.A, After(now));
        Assert.Null(Find("bad.test.", RecordType.A, now + 5));
    }

    [Fact]
    public void The_nearest_delegation_is_found()
    {
        Delegation Make(string zone) =>
            new(DnsName.Parse(zone), [new NameServer(DnsName.Parse("ns.x."), [])], After(100));
        _cache.PutDelegation(Make("test."), Start);
        _cache.PutDelegation(Make("a.test."), Start);
        Assert.Equal("a.test.", Zone("www.a.test.", 0));
        Assert.Equal("a.test.", Zone("a.test.", 0));
        Assert.Equal("test.", Zone("b.test.", 0));
        Assert.Null(Zone("b.", 0));
        _cache.RemoveDelegation(DnsName.Parse("A.test."));
        Assert.Equal("test.", Zone("www.a.test.", 99));
        Assert.Null(Zone("www.a.test.", 100));

        string? Zone(string name, double seconds) =>
            _cache.FindDelegation(DnsName.Parse(name).Wire, After(seconds))?.Zone.ToString();
    }

    [Fact]
    public void It_never_takes_more_bytes_than_it_may_and_forgets_the_unused_first()
    {
        DnsCache cache = new(new CacheOptions { MaxBytes = 1 << 17 });
        byte[][] hot = new byte[20][];
        for (int i = 0; i < hot.Length; i++)
        {
            hot[i] = DnsName.Parse($"hot{i}.test.").Wire.ToArray();
            cache.Put(
                Set($"hot{i}.test.", 3600, "192.0.2.1"),
                Credibility.AuthoritativeAnswer,
                Start
            );
        }

        for (int i = 0; i < 20_000; i++)
        {
            cache.Put(
                Set($"cold{i}.test.", 3600, "192.0.2.1"),
                Credibility.AuthoritativeAnswer,
                Start
            );
            Assert.InRange(cache.Bytes, 0, 1 << 17);
            if (i % 50 == 0)
            {
                foreach (byte[] name in hot)
                {
                    Assert.NotNull(cache.Find(name, RecordType.A, CacheSlot.Data, Start));
                }
            }
        }

        Assert.InRange(cache.Count, 250, 600);
        Assert.True(cache.Evictions > 19_000);
    }

    [Fact]
    public void A_set_that_would_push_out_a_great_part_of_the_others_is_not_kept()
    {
        DnsCache cache = new(new CacheOptions { MaxBytes = 65536 });
        RecordSetBuilder builder = new(DnsName.Parse("big.test."), RecordType.Txt);
        builder.Add(3600, [200, .. new byte[200]]);
        for (byte i = 0; i < 40; i++)
        {
            builder.Add(3600, [200, i, .. new byte[199]]);
        }

        cache.Put(builder.Build(), Credibility.AuthoritativeAnswer, Start);
        Assert.Equal(0, cache.Count);
    }

    private enum Op
    {
        Put,
        Deny,
        NameError,
        Failure,
        Delegation,
        Find,
        Advance,
    }

    // Against a plain dictionary without eviction: what the cache has must be what was put last; what it lacks may have been evicted, but not before it was full.
    [Theory]
    [InlineData(1 << 16)]
    [InlineData(1 << 24)]
    public void It_gives_what_was_put_last_and_keeps_its_books(int maxBytes)
    {
        Gen<(Op, int, int)[]> operations = Gen.Select(
            Gen.Enum<Op>(),
            Gen.Int[0, 400],
            Gen.Int[0, 50]
        ).Array[200, 1500];
        operations.Sample(
            list =>
            {
                DnsCache cache = new(new CacheOptions { MaxBytes = maxBytes });
                Dictionary<string, (RecordSet? Set, Instant Until)> model = [];
                Instant now = Start;
                foreach ((Op op, int number, int amount) in list)
                {
                    string name = $"n{number}.test.";
                    DnsName parsed = DnsName.Parse(name);
                    switch (op)
                    {
                        case Op.Put:
                            RecordSet set = Set(name, (uint)amount + 1, "192.0.2.1");
                            cache.Put(set, Credibility.AuthoritativeAnswer, now);
                            model[name] = (set, now + TimeSpan.FromSeconds(amount + 1));
                            break;
                        case Op.Deny:
                            RecordSet soa = Soa("test.", (uint)amount + 1, 100);
                            cache.PutNoData(parsed, RecordType.A, soa, now);
                            model[name] = (null, now + TimeSpan.FromSeconds(amount + 1));
                            break;
                        case Op.NameError:
                            cache.PutNameError(DnsName.Parse($"x.{name}"), Soa("test.", 9, 9), now);
                            break;
                        case Op.Failure:
                            cache.PutFailure(parsed, RecordType.Mx, now);
                            break;
                        case Op.Delegation:
                            cache.PutDelegation(
                                new Delegation(parsed, [], now + TimeSpan.FromSeconds(amount)),
                                now
                            );
                            break;
                        case Op.Advance:
                            now += TimeSpan.FromSeconds(amount / 10.0);
                            break;
                        default:
                            CacheEntry? found = cache.Find(
                                parsed.Wire,
                                RecordType.A,
                                CacheSlot.Data,
                                now
                            );
                            if (found is not null)
                            {
                                Assert.Same(model[name].Set, found.Set);
                                Assert.Equal(model[name].Until, found.Expires);
                                Assert.True(found.Expires > now);
                            }
                            else if (cache.Evictions == 0)
                            {
                                Assert.True(
                                    !model.TryGetValue(name, out var known) || known.Until <= now
                                );
                            }

                            break;
                    }

                    Assert.InRange(cache.Bytes, 0, maxBytes);
                }

                cache.CheckBooks();
            },
            iter: 60
        );
    }
}
