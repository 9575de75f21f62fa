#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var program = BootArgument.Required<string>(
    "program",
    "the property: a name of a file in Programs, in kebab case"
);
var text = BootArgument.WithDefault<string>("text", "", "what the program arguments prints");
var number = BootArgument.WithDefault<long>(
    "number",
    "0",
    "the exit code, or the time in seconds since 1970 that the wall clock has"
);
var slack = BootArgument.WithDefault<int>(
    "slack",
    "1",
    "milliseconds that a sleep may last longer than asked"
);
var job = Job<IConsole, IClock, string, string, long, int>("Properties.PropertiesUnikernel");

return Project.Register(
    "properties",
    job.Apply(DefaultConsole, DefaultClock, program, text, number, slack),
    args,
    "One small program for each property that the native layer has on every target."
);
