#:project ../../src/Morgana.Configuration/Morgana.Configuration.csproj
// In a project of your own: #:package Morgana.Configuration@0.1.0

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var network = DefaultNetwork();
var stack = GenericIpv4Stack(network, log: Logging);

var resolver = Job<IUdp, IClock, IRandom, ILog>(
    "Resolver.ResolverUnikernel",
    Library("Morgana.Dns")
);

return Project.Register(
    "resolver",
    resolver.Apply(stack, DefaultClock, DefaultRandom, Logging),
    args,
    "A caching DNS resolver that asks the authorities itself, from the root down."
);
