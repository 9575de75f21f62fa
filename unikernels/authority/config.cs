#:project ../../src/Morgana.Configuration/Morgana.Configuration.csproj
// In a project of your own: #:package Morgana.Configuration@0.1.0

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var network = DefaultNetwork();
var stack = GenericIpv4Stack(network, log: Logging);
var zones = BootArgument.Repeated<string>(
    "zone",
    "a zone to serve, as in example.test or . for the root; all zones of the image when none is named"
);

var authority = Job<IUdp, ILog, IReadOnlyList<string>>(
    "Authority.AuthorityUnikernel",
    Library("Morgana.Dns")
);

return Project.Register(
    "authority",
    authority.Apply(stack, Logging, zones),
    args,
    "Serves the zones of its master files."
);
