using System.Text.Json;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.CSharp;

/// <summary>
/// Stands in for the C# compiler while MSBuild evaluates: the call becomes an action of the engine, under its own key, with the cache, and is noted for the plan.
/// </summary>
public static class CompilerRun
{
    /// <summary>The word that <c>morgana</c> is started with for it.</summary>
    public const string Command = "--compile-csharp";

    /// <summary>The environment variable with the state folder.</summary>
    public const string StateVariable = "MORGANA_STATE";

    /// <summary>The file beside the assembly that the injected target writes: the compiler, whether it may be shared, the package folder.</summary>
    public const string DescriptionFile = "morgana.compiler";

    /// <summary>Compiles.</summary>
    /// <param name="arguments">What MSBuild gives to the compiler.</param>
    /// <param name="print">Takes the compiler's messages.</param>
    /// <returns>The compiler's exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(print);
        List<string> all = [];
        foreach (string argument in arguments)
        {
            if (argument.StartsWith('@'))
            {
                all.AddRange(
                    ResponseText.Split(
                        await File.ReadAllTextAsync(argument[1..].Trim('"')).ConfigureAwait(false)
                    )
                );
            }
            else
            {
                all.Add(argument);
            }
        }

        string folder = Environment.CurrentDirectory;
        string? output = all.Where(argument =>
                argument.StartsWith("/out:", StringComparison.OrdinalIgnoreCase)
            )
            .Select(argument =>
                Path.GetFullPath(
                    argument["/out:".Length..].Replace("\"", "", StringComparison.Ordinal),
                    folder
                )
            )
            .LastOrDefault();
        string state =
            Environment.GetEnvironmentVariable(StateVariable)
            ?? throw new BuildException(
                "MORGANA005",
                $"{StateVariable} is not set: {Command} is what morgana build starts in place of the C# compiler, it is of no use by hand."
            );
        string[] description = await File.ReadAllLinesAsync(
                Path.Combine(Path.GetDirectoryName(output ?? folder)!, DescriptionFile)
            )
            .ConfigureAwait(false);
        (string compiler, bool shared, string packages, string dotnet) = (
            Path.GetFullPath(description[0]),
            description[1] == "true",
            Path.TrimEndingDirectorySeparator(description[2]),
            description[3]
        );
        BuildAction? action = CompilerCall.Action(
            all,
            compiler,
            dotnet,
            shared,
            folder,
            state,
            packages
        );
        if (action is null)
        {
            (int exit, string printed) = await ChildProcess
                .RunAsync(
                    dotnet,
                    ["exec", compiler, .. arguments],
                    ProgramEnvironment.ForActions([]),
                    folder,
                    CancellationToken.None
                )
                .ConfigureAwait(false);
            print(printed);
            return exit;
        }

        BuildPlan plan = new()
        {
            Name = action.Id,
            ProjectFolder = folder,
            StateFolder = state,
            Roots = new Dictionary<string, string>(),
            Actions = [action],
            Images = [],
        };
        FileHashes hashes = new(state);
        using BuildEngine engine = new(plan, new BuildOptions(), new Messages(print), hashes);
        BuildResult result = await engine.RunAsync(CancellationToken.None).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            return 1;
        }

        string note = Path.Combine(state, "csharp", action.Id["csc:".Length..] + ".json");
        _ = Directory.CreateDirectory(Path.GetDirectoryName(note)!);
        AtomicFile.Write(
            note,
            JsonSerializer.SerializeToUtf8Bytes(action, RecordJson.Default.BuildAction)
        );
        return 0;
    }

    /// <summary>The calls that were noted in a state folder.</summary>
    public static IReadOnlyList<BuildAction> Noted(string stateFolder)
    {
        string folder = Path.Combine(stateFolder, "csharp");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.json")
                    .Order(StringComparer.Ordinal)
                    .Select(path =>
                        JsonSerializer.Deserialize(
                            File.ReadAllBytes(path),
                            RecordJson.Default.BuildAction
                        )!
                    ),
            ]
            : [];
    }

    private sealed class Messages(Action<string> print) : IBuildReporter
    {
        public void Starting(BuildAction action) { }

        public void Done(ActionReport report)
        {
            if (report.Output.Length > 0)
            {
                print(report.Output);
            }
        }
    }
}
