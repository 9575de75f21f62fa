using Morgana.Cli;
using Morgana.Cli.Output;

return await Application.RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);
