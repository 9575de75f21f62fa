#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var which = BootArgument.Required<string>(
    "case",
    "throw, throw-in-task, null, null-uncaught, divide, stack, stack-in-thread, memory, memory-uncaught, native-memory, endless, threads, busy, random, or exit"
);
var code = BootArgument.WithDefault<int>("code", "0", "the exit code of the case exit");
var faults = Job<IConsole, string, int>("Faults.FaultsUnikernel");

return Project.Register(
    "faults",
    faults.Apply(DefaultConsole, which, code),
    args,
    "Goes wrong in the way that is asked for: what the user then sees is tested."
);
