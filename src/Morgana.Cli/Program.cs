using System.CommandLine;
using Morgana.Cli.Run;

RootCommand root = new("Morgana: unikernels from C# programs.") { RunCommand.Create() };
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
