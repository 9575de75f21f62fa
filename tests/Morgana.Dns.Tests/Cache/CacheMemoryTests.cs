using System.Globalization;
using Morgana.Runtime;

namespace Morgana.Dns.Tests;

/// <summary>Runs alone: it measures the memory of the process.</summary>
[CollectionDefinition(nameof(CacheMemoryTests), DisableParallelization = true)]
[Collection(nameof(CacheMemoryTests))]
public class CacheMemoryTests
{
    [Fact]
    public void The_bytes_that_it_counts_are_the_bytes_that_the_heap_grows_by()
    {
        const long Bound = 16 << 20;
        Instant now = new(1);
        byte[] soaMinimum = CacheRecords.Soa("test.", 300, 300)[0].ToArray();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        DnsCache cache = new(new CacheOptions { MaxBytes = Bound });
        for (int i = 0; cache.Evictions < 1000; i++)
        {
            string text = i.ToString(CultureInfo.InvariantCulture);
            DnsName name = DnsName.Parse($"some-name-{text}.example.test.");
            switch (i % 4)
            {
                case 0:
                    RecordSetBuilder txt = new(name, RecordType.Txt);
                    txt.Add(300, [(byte)(i % 200), .. new byte[i % 200]]);
                    cache.Put(txt.Build(), Credibility.AuthoritativeAnswer, now);
                    break;
                case 1:
                    RecordSetBuilder addresses = new(name, RecordType.A);
                    for (byte n = 0; n < 1 + i % 5; n++)
                    {
                        addresses.Add(300, [192, 0, 2, n]);
                    }

                    cache.Put(addresses.Build(), Credibility.AuthoritativeAnswer, now);
                    break;
                case 2:
                    RecordSetBuilder soa = new(DnsName.Parse("test."), RecordType.Soa);
                    soa.Add(300, soaMinimum);
                    cache.PutNameError(name, soa.Build(), now);
                    break;
                default:
                    cache.PutDelegation(
                        new Delegation(
                            name,
                            [
                                new NameServer(
                                    DnsName.Parse($"ns{text}.test."),
                                    [Net.IpAddress.FromV4(10, 0, 0, 1)]
                                ),
                                new NameServer(DnsName.Parse($"ns2{text}.test."), []),
                            ],
                            now + TimeSpan.FromSeconds(300)
                        ),
                        now
                    );
                    break;
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(cache.Bytes, Bound - 65536, Bound);
        Assert.InRange((double)grown / cache.Bytes, 0.75, 1.05);
        GC.KeepAlive(cache);
    }
}
