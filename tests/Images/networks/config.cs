#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var program = BootArgument.Required<string>("program", "the property: apart");
var job = Job<IConsole, IClock, INetwork, INetwork, string>("Networks.NetworksUnikernel");

return Project.Register(
    "networks",
    job.Apply(DefaultConsole, DefaultClock, Network("first"), Network("second"), program),
    args,
    "What two network devices have on every target."
);
