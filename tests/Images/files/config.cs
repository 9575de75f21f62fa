#:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var files = Job<IConsole>("FilesImage.FilesUnikernel", Library("Morgana.Storage"));

return Project.Register(
    "files",
    files.Apply(DefaultConsole),
    args,
    "Lists the files that a step of its build has embedded."
);
