#:project ../../src/Morgana.Configuration/Morgana.Configuration.csproj
// In a project of your own: #:package Morgana.Configuration@0.1.0

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

var hello = Job<IConsole>("Hello.HelloUnikernel");

return Project.Register("hello", hello.Apply(DefaultConsole), args, "Greets, and ends.");
