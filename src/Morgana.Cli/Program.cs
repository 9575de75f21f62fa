using Morgana.Build.CSharp;
using Morgana.Cli;
using Morgana.Cli.Build;
using Morgana.Cli.Output;
using Morgana.Tender.Spt;

if (args is ["spt" or "hvt", .. string[] rest])
{
    // Does not return where the native tender is. Here and not below, since what it replaces must be this program.
    NativeTender.TryRun(args[0], rest);
}

if (args is [CompilerRun.Command, .. string[] compilerArguments])
{
    return await CompilerCommand.RunAsync(compilerArguments).ConfigureAwait(false);
}

if (CurrentAnswer.TryGive(args))
{
    return ExitCode.Done;
}

return await Application.RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);
