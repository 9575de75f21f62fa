using Morgana.Build;
using Morgana.Build.CSharp;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Build;

/// <summary>What MSBuild starts in place of the C# compiler when <c>morgana build</c> asks it for a plan.</summary>
internal static class CompilerCommand
{
    /// <summary>Compiles, and prints the compiler's messages as it would.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // MSBuild may be killed without a word.
        Syscalls.EndWithParent();
        try
        {
            return await CompilerRun
                .RunAsync(arguments, Console.Out.WriteLine)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is BuildException or IOException or UnauthorizedAccessException)
        {
            // As compilers say it, so that MSBuild takes it for an error.
            string code = e is BuildException { Code.Length: > 0 } told ? told.Code : "MORGANA004";
            await Console
                .Out.WriteLineAsync($"error {code}: {e.Message.ReplaceLineEndings(" ")}")
                .ConfigureAwait(false);
            return 1;
        }
    }
}
