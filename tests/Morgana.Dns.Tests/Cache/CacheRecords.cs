namespace Morgana.Dns.Tests;

/// <summary>Sets for the cache's tests.</summary>
internal static class CacheRecords
{
    public static RecordSet Set(string name, uint ttl, params string[] data) =>
        Set(RecordType.A, name, ttl, data);

    public static RecordSet Set(RecordType type, string name, uint ttl, params string[] data)
    {
        RecordSetBuilder builder = new(DnsName.Parse(name), type);
        foreach (string one in data)
        {
            ResourceRecord record = MessageText
                .Records($"{name} {ttl} {type.ToText()} {one}")
                .Single();
            builder.Add(record.Ttl, record.Data.Wire);
        }

        return builder.Build();
    }

    public static RecordSet Soa(string zone, uint ttl, uint minimum) =>
        Set(RecordType.Soa, zone, ttl, $"ns.invalid. mail.invalid. 1 3600 600 86400 {minimum}");
}
