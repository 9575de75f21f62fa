using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Packages;

/// <summary>
/// Morgana as a user has it who never saw the checkout: the tool and the templates installed from the packages of
/// <c>./build.sh pack</c>, in a folder with a home of its own. What else a build needs comes out of the packages that are on the
/// machine, so no network is needed.
/// </summary>
public sealed class InstalledMorgana : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly string _root = TemporaryFolder.Create("installed").FullName;
    private readonly Dictionary<string, string> _environment = [];

    /// <summary>The folder with the packages of this checkout.</summary>
    internal static string Packages { get; } =
        Path.Combine(Repository.Root, "artifacts", "packages");

    /// <summary>The tool's program.</summary>
    internal string Tool => Path.Combine(_root, "tools", "morgana");

    /// <summary>An empty folder to work in.</summary>
    internal string Folder => Path.Combine(_root, "work");

    /// <summary>Everything is below it.</summary>
    internal string Root => _root;

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Packages))
        {
            throw new MissingToolException(
                $"{Packages} is not there. Make the packages: ./build.sh pack"
            );
        }

        foreach (string folder in (string[])["work", "home", "tmp", "nuget", "feed"])
        {
            _ = Directory.CreateDirectory(Path.Combine(_root, folder));
        }

        _environment["HOME"] = Path.Combine(_root, "home");
        _environment["DOTNET_CLI_HOME"] = Path.Combine(_root, "home");
        _environment["XDG_CACHE_HOME"] = Path.Combine(_root, "home", ".cache");
        _environment["XDG_DATA_HOME"] = Path.Combine(_root, "home", ".local", "share");
        _environment["NUGET_PACKAGES"] = Path.Combine(_root, "nuget");
        _environment["TMPDIR"] = Path.Combine(_root, "tmp");
        _environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        _environment["DOTNET_NOLOGO"] = "1";
        _environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        // No server stays behind that would know this folder.
        _environment["MSBUILDDISABLENODEREUSE"] = "1";
        _environment["UseSharedCompilation"] = "false";
        OfferPackagesOfTheMachine();

        await DotnetAsync(
            "tool",
            "install",
            "morgana",
            "--tool-path",
            Path.Combine(_root, "tools"),
            "--add-source",
            Packages
        );
        await DotnetAsync("new", "install", "Morgana.Templates", "--add-source", Packages);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs dotnet, which must end well.</summary>
    internal async Task<ProcessResult> DotnetAsync(params string[] arguments) =>
        (await RunAsync("dotnet", Folder, arguments)).Succeeded(
            "dotnet " + string.Join(' ', arguments)
        );

    /// <summary>Runs the installed tool, which must end well.</summary>
    internal async Task<ProcessResult> MorganaAsync(string folder, params string[] arguments) =>
        (await RunAsync(Tool, Path.Combine(Folder, folder), arguments)).Succeeded(
            "morgana " + string.Join(' ', arguments)
        );

    /// <summary>Runs a program in a folder, in this environment.</summary>
    internal async Task<ProcessResult> RunAsync(
        string program,
        string folder,
        params string[] arguments
    )
    {
        await using RunningProcess process = RunningProcess.Start(
            program,
            arguments,
            _environment,
            folder
        );
        int code = await process.ExitAsync(Patience);
        return new ProcessResult(code, process.Output, process.Errors);
    }

    /// <summary>
    /// NuGet's package folder of the machine has the layout of a feed. Without Morgana's own packages, which it may have of the
    /// checkout under the same version, a folder of links to it is one.
    /// </summary>
    private void OfferPackagesOfTheMachine()
    {
        string machine =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ".nuget",
                "packages"
            );
        string feed = Path.Combine(_root, "feed");
        foreach (string package in Directory.GetDirectories(machine))
        {
            string name = Path.GetFileName(package);
            if (!name.StartsWith("morgana", StringComparison.Ordinal))
            {
                _ = Directory.CreateSymbolicLink(Path.Combine(feed, name), package);
            }
        }

        File.WriteAllText(
            Path.Combine(_root, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="machine" value="{feed}" />
              </packageSources>
            </configuration>
            """
        );
    }
}
