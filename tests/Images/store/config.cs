#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var store = KeyValueReadWrite(Block("data"));
var site = KeyValueReadOnly(Block("site"));
var doing = BootArgument.Repeated<string>(
    "do",
    "what to do, in this order: set:KEY=TEXT, get:KEY, delete:KEY, list:FOLDER, fill:N, count, check, site:KEY, file:PATH, spin, spun"
);
var job = Job<IConsole, IStore, IReadOnlyStore, IFileProvider, IReadOnlyList<string>>(
    "StoreImage.StoreUnikernel",
    Library("Morgana.Storage")
);

return Project.Register(
    "store",
    job.Apply(DefaultConsole, store, site, FileProvider(store), doing),
    args,
    "Keeps values on a disk."
);
