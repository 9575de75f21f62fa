#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var which = BootArgument.Required<string>(
    "case",
    "walk, spin, sleep, null, throw, fail, or overflow"
);
var debugging = Job<IConsole, string>("Debugging.DebuggingUnikernel");

return Project.Register(
    "debugging",
    debugging.Apply(DefaultConsole, which),
    args,
    "What the tests of debugging stop in, step through and crash."
);
