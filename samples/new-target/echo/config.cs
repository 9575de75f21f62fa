#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj
#:project ../pipe/Pipe.Configuration/Pipe.Configuration.csproj

using Morgana.Configuration;
using Pipe.Configuration;
using static Morgana.Configuration.Devices;

// From here on `morgana configure -t pipe` is as good as -t spt.
var pipe = Project.AddTarget(PipeTarget.At("../pipe"));

// Nothing of this knows the target, but for the greeting.
var stack = GenericIpv4Stack(DefaultNetwork(), log: Logging);
var greeting = Match(
    Key.Target,
    [(pipe, Define<string>("greeting", "\"at the end of a pipe\"").Apply())],
    otherwise: Define<string>("greeting", "\"on a machine of its own\"").Apply()
);
var echo = Job<IUdp, IClock, ILog, string>("Echo.EchoUnikernel", Library("Morgana.Net"));

return Project.Register(
    "echo",
    echo.Apply(stack, DefaultClock, Logging, greeting),
    args,
    "Sends back what it is sent (RFC 862), and counts the seconds."
);
