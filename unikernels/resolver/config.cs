#:project ../../src/Morgana.Configuration/Morgana.Configuration.csproj
// In a project of your own: #:package Morgana.Configuration@0.1.0

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var network = DefaultNetwork();
var stack = GenericIpv4Stack(network, log: Logging);
var rootHints = BootArgument.Optional<IRootHints>(
    "root-hints",
    "addresses of root servers to start from, as in 10.0.0.3,10.0.0.4; the Internet's when not given"
);
var transparent = BootArgument.Optional<INames>(
    "transparent",
    "names to look up although resolvers answer for them as a rule, as in test.,10.in-addr.arpa."
);
var cacheSize = BootArgument.Optional<int>(
    "cache",
    "memory for what is remembered, in MiB; when not given 8, or a third of the heap if that is less"
);

var resolver = Job<IUdp, IClock, IRandom, ILog, IRootHints, INames, int>(
    "Resolver.ResolverUnikernel",
    Library("Morgana.Dns")
);

return Project.Register(
    "resolver",
    resolver.Apply(stack, DefaultClock, DefaultRandom, Logging, rootHints, transparent, cacheSize),
    args,
    "A caching DNS resolver that asks the authorities itself, from the root down."
);

/// <summary>Where resolution starts.</summary>
[StandsFor("Morgana.Dns.RootHints")]
internal interface IRootHints;

/// <summary>Names with commas between them.</summary>
[StandsFor("Morgana.Dns.DnsNameList")]
internal interface INames;
