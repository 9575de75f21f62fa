#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var program = BootArgument.Required<string>("program", "the property: reply, mtu, or idle");
var job = Job<IConsole, IClock, INetwork, string>("Network.NetworkUnikernel");

return Project.Register(
    "network",
    job.Apply(DefaultConsole, DefaultClock, DefaultNetwork(), program),
    args,
    "One small program for each property that a network device has on every target."
);
