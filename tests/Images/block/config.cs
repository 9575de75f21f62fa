#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var program = BootArgument.Required<string>(
    "program",
    "the property: geometry, read-write, or bounds"
);
var job = Job<IConsole, IClock, string>("Block.BlockUnikernel", BlockSlot("storage"));

return Project.Register(
    "block",
    job.Apply(DefaultConsole, DefaultClock, program),
    args,
    "One small program for each property that block devices have on every target."
);
