#:project ../../src/Morgana.Configuration/Morgana.Configuration.csproj
// In a project of your own: #:package Morgana.Configuration@0.1.0

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var checksum = Job<IConsole>("ForeignStub.ChecksumUnikernel");

return Project.Register(
    "foreign-stub",
    checksum.Apply(DefaultConsole),
    args,
    "Asks C of its own for a checksum, and ends."
);
