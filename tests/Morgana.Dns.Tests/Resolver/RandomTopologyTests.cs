using System.Globalization;
using CsCheck;

namespace Morgana.Dns.Tests;

/// <summary>Random trees of zones on random servers, where the resolver must find what a plain recursive function over the zones finds.</summary>
public class RandomTopologyTests
{
    private static readonly string[] Labels = ["a", "b", "c", "d"];
    private static readonly RecordType[] Types = [RecordType.A, RecordType.Txt, RecordType.Cname];

    [Fact]
    public void Every_name_resolves_to_what_the_zones_say() =>
        Gen.Int[0, int.MaxValue - 1]
            .Sample(
                seed =>
                {
                    Topology topology = new(seed);
                    SimulatedInternet net = topology.Build();
                    foreach ((string name, RecordType type) in topology.Questions())
                    {
                        string expected = topology.Expect(name, type);
                        Assert.Equal(expected, net.Ask(name, type));
                        Assert.Equal(expected, net.Ask(name, type));
                    }

                    net.Settle();
                    Assert.Equal(0, net.Machine.InFlight);
                    Assert.Equal(0, net.OpenPorts);
                    net.Machine.Cache.CheckBooks();
                },
                iter: 120
            );

    private sealed class Topology
    {
        private readonly RandomNumbers _random;
        private readonly bool _lossy;

        // Zone -> (relative owner -> type -> data), all names absolute.
        private readonly SortedDictionary<
            string,
            SortedDictionary<string, Dictionary<RecordType, List<string>>>
        > _zones = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _addresses = [];
        private readonly int _seed;

        public Topology(int seed)
        {
            _seed = seed;
            _random = new RandomNumbers(new SeededRandom(seed));
            _lossy = _random.Below(3) == 0;
            AddZone("", "198.41.0.4", "a.root.test.");
            AddZone("test.", "10.0.0.1", "ns.test.");
            int zones = 2 + _random.Below(6);
            List<string> hosts = ["ns.test."];
            for (int i = 0; i < zones; i++)
            {
                string parent = _zones
                    .Keys.Where(z => z.Length > 0)
                    .ElementAt(_random.Below(_zones.Count - 1));
                string zone = $"z{i}.{parent}";
                string address = string.Create(CultureInfo.InvariantCulture, $"10.1.{i}.1");
                // Its server is inside (glue), or a host of a zone made before (no loops): perhaps without glue.
                if (_random.Below(3) == 0)
                {
                    string host = hosts[_random.Below(hosts.Count)];
                    AddZone(zone, _addresses[host], host);
                }
                else
                {
                    AddZone(zone, address, $"ns.{zone}");
                    hosts.Add($"ns.{zone}");
                }
            }

            List<string> names = [.. _zones.Keys.Where(z => z.Length > 0).SelectMany(Names)];
            foreach (string zone in _zones.Keys.Where(z => z.Length > 0).ToList())
            {
                foreach (string name in Names(zone))
                {
                    int kind = _random.Below(6);
                    string number = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{_random.Below(200)}"
                    );
                    if (kind == 0)
                    {
                        Add(zone, name, RecordType.Cname, names[_random.Below(names.Count)]);
                    }
                    else if (kind == 1)
                    {
                        Add(zone, name, RecordType.A, $"192.0.2.{number}");
                        Add(zone, name, RecordType.Txt, $"\"{number}\"");
                    }
                    else if (kind == 2)
                    {
                        Add(zone, name, RecordType.Txt, $"\"{number}\"");
                    }
                    else if (kind == 3)
                    {
                        Add(zone, $"*.w{name}", RecordType.A, $"192.0.2.{number}");
                    }
                }
            }
        }

        private static IEnumerable<string> Names(string zone) =>
            Labels.SelectMany(label => new[] { $"{label}.{zone}", $"{label}.e{label}.{zone}" });

        public IEnumerable<(string, RecordType)> Questions()
        {
            List<string> names =
            [
                .. _zones
                    .Keys.Where(z => z.Length > 0)
                    .SelectMany(z =>
                        Names(z)
                            .Concat([
                                z,
                                $"ea.{z}",
                                $"nothing.{z}",
                                $"x.wa.{z}",
                                $"y.x.wb.{z}",
                                $"wa.{z}",
                                $"ns.{z}",
                            ])
                    ),
                "nothing.",
            ];
            for (int i = 0; i < 25; i++)
            {
                yield return (
                    names[_random.Below(names.Count)],
                    Types[_random.Below(Types.Length)]
                );
            }
        }

        public SimulatedInternet Build()
        {
            SimulatedInternet net = new(seed: _seed);
            foreach ((string zone, var owners) in _zones)
            {
                string lines = string.Join(
                    " ; ",
                    owners.SelectMany(owner =>
                        owner.Value.SelectMany(set =>
                            set.Value.Select(data => $"{owner.Key} {set.Key.ToText()} {data}")
                        )
                    )
                );
                net.Zone(ServerOf(zone), zone.Length == 0 ? "." : zone, lines);
                SimulatedServer server = net[ServerOf(zone)];
                server.Delay = TimeSpan.FromMilliseconds(5 + _random.Below(60));
                if (_lossy)
                {
                    // Every third is lost: never three in a row, so that patience is rewarded.
                    server.Loses = n => n % 3 == 1;
                }
            }

            return net;
        }

        /// <summary>RFC 1034 section 4.3.2 over all zones at once, with nothing remembered and no messages.</summary>
        public string Expect(string name, RecordType type)
        {
            List<string> chain = [];
            HashSet<string> seen = [];
            while (true)
            {
                if (!seen.Add(name))
                {
                    return "ServerFailure";
                }

                string zone = ZoneOf(name);
                var owners = _zones[zone];
                string? owner = Match(owners, name, zone);
                if (owner is null)
                {
                    return Text("NameError", chain);
                }

                Dictionary<RecordType, List<string>> sets = owners.GetValueOrDefault(owner) ?? [];
                if (sets.TryGetValue(type, out List<string>? data))
                {
                    chain.AddRange(
                        data.Distinct()
                            .Order(StringComparer.Ordinal)
                            .Select(d => $"{name} {type.ToText()} {d}")
                    );
                    return Text("NoError", chain);
                }

                if (!sets.TryGetValue(RecordType.Cname, out List<string>? alias))
                {
                    return Text("NoError", chain);
                }

                chain.Add($"{name} CNAME {alias[0]}");
                name = alias[0];
            }
        }

        private static string Text(string code, List<string> chain) =>
            chain.Count == 0 ? code : $"{code} {string.Join(" | ", chain)}";

        // The owner whose sets answer: the name itself, an empty non-terminal, or a wildcard (RFC 4592).
        private static string? Match(
            SortedDictionary<string, Dictionary<RecordType, List<string>>> owners,
            string name,
            string zone
        )
        {
            if (name == zone || Exists(name))
            {
                return name;
            }

            string encloser = name;
            do
            {
                encloser = encloser[(encloser.IndexOf('.', StringComparison.Ordinal) + 1)..];
            } while (encloser != zone && !Exists(encloser));
            string wildcard = $"*.{encloser}";
            return owners.ContainsKey(wildcard) ? wildcard : null;

            bool Exists(string candidate) =>
                owners.Keys.Any(owner =>
                    owner == candidate || owner.EndsWith($".{candidate}", StringComparison.Ordinal)
                );
        }

        private string ZoneOf(string name) =>
            _zones
                .Keys.Where(zone =>
                    zone.Length == 0
                    || name == zone
                    || name.EndsWith($".{zone}", StringComparison.Ordinal)
                )
                .MaxBy(zone => zone.Length)!;

        private string ServerOf(string zone) => _addresses[zone.Length == 0 ? "." : zone];

        private void AddZone(string zone, string address, string host)
        {
            string? parent = zone.Length == 0 ? null : ZoneOf(zone);
            _zones[zone] = new SortedDictionary<string, Dictionary<RecordType, List<string>>>(
                StringComparer.Ordinal
            );
            _addresses[zone.Length == 0 ? "." : zone] = address;
            Add(zone, zone.Length == 0 ? "." : zone, RecordType.Ns, host);
            bool inside = zone.Length == 0 || host.EndsWith(zone, StringComparison.Ordinal);
            if (parent is not null)
            {
                Add(parent, zone, RecordType.Ns, host);
                if (inside)
                {
                    Add(parent, host, RecordType.A, address);
                }
            }

            if (inside)
            {
                _addresses[host] = address;
                Add(zone, host, RecordType.A, address);
            }
        }

        private void Add(string zone, string owner, RecordType type, string data)
        {
            var owners = _zones[zone];
            if (!owners.TryGetValue(owner, out Dictionary<RecordType, List<string>>? sets))
            {
                owners.Add(owner, sets = []);
            }

            if (!sets.TryGetValue(type, out List<string>? list))
            {
                sets.Add(type, list = []);
            }

            list.Add(data);
        }
    }
}
