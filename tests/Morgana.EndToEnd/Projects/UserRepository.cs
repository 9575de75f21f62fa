using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Projects;

/// <summary>
/// A repository of a user, in a temporary folder outside of the checkout, whose unikernels take the checkout's SDK by its path: what stands around them
/// is the user's alone, and nothing need be packed.
/// </summary>
internal sealed class UserRepository : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>No server stays behind that would know the folder.</summary>
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
    };

    private readonly string _folder;

    /// <param name="purpose">A word for the folder's name.</param>
    /// <param name="below">The path of the repository below that folder: names can be tried there.</param>
    public UserRepository(string purpose, string below = "repository")
    {
        _folder = TemporaryFolder.Create(purpose).FullName;
        Root = Path.Combine(_folder, below);
        _ = Directory.CreateDirectory(Root);
    }

    /// <summary>NuGet's folder of unpacked packages on this machine.</summary>
    public static string MachinePackages { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ".nuget",
            "packages"
        );

    /// <summary>Full path of the repository.</summary>
    public string Root { get; }

    /// <summary>Full path of a file or folder in it.</summary>
    public string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>Writes a file, and its folder when it is not there.</summary>
    public void Write(string path, string content)
    {
        string full = PathOf(path);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>Writes the three files of a unikernel that prints lines: <c>FOLDER/NAME.csproj</c>, config.cs and Unikernel.cs.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name, and that of its image.</param>
    /// <param name="statements">C# before the end of the job; <c>Say("line")</c> prints.</param>
    /// <param name="project">What stands in the project.</param>
    /// <param name="configuration">C# before the registration in config.cs.</param>
    public void Unikernel(
        string folder,
        string name,
        string statements,
        string project = "",
        string configuration = ""
    )
    {
        Write(
            $"{folder}/{name}.csproj",
            $"""
            <Project>
              <Import Project="{Repository.Root}/src/Morgana.Sdk/Sdk/Sdk.props" />
              {project}
              <Import Project="{Repository.Root}/src/Morgana.Sdk/Sdk/Sdk.targets" />
            </Project>
            """
        );
        Write(
            $"{folder}/config.cs",
            $"""
            #:project {Repository.Root}/src/Morgana.Configuration/Morgana.Configuration.csproj
            #:property PublishAot=false
            using Morgana.Configuration;
            using static Morgana.Configuration.Devices;

            {configuration}
            var job = Job<IConsole>("User.Unikernel");
            return Project.Register("{name}", job.Apply(DefaultConsole), args);
            """
        );
        Write(
            $"{folder}/Unikernel.cs",
            $$"""
            using System.Text;
            using Morgana.Runtime;

            namespace User;

            public sealed class Unikernel(Stream console) : IUnikernel
            {
                public Task<int> RunAsync()
                {
                    {{statements}}
                    return Task.FromResult(0);
                }

                private void Say(string text) => console.Write(Encoding.UTF8.GetBytes(text + "\n"));
            }
            """
        );
    }

    /// <summary>Writes a class library in C#: <c>FOLDER/NAME.csproj</c> and a class <c>NAME.Text</c> with one property, <c>Value</c>.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">The project's name.</param>
    /// <param name="value">A C# expression of a string.</param>
    /// <param name="properties">Properties of the project beside its framework, net10.0.</param>
    public void Library(string folder, string name, string value, string properties = "")
    {
        Write(
            $"{folder}/{name}.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                {properties}
              </PropertyGroup>
            </Project>
            """
        );
        Write(
            $"{folder}/Text.cs",
            $$"""
            namespace {{name}}
            {
                public static class Text
                {
                    public static string Value { get; } = {{value}};
                }
            }
            """
        );
    }

    /// <summary>Configures a unikernel and brings its packages.</summary>
    public async Task PrepareAsync(string folder, params string[] options)
    {
        await MorganaAsync(folder, ["configure", .. options is [] ? ["-t", "unix"] : options]);
        await MorganaAsync(folder, "depends");
    }

    /// <summary>Runs the tool, which must end well.</summary>
    public async Task<ProcessResult> MorganaAsync(string folder, params string[] arguments) =>
        (await TryMorganaAsync(folder, arguments)).Succeeded(
            "morgana " + string.Join(' ', arguments)
        );

    /// <summary>Runs the tool, however it ends.</summary>
    public Task<ProcessResult> TryMorganaAsync(string folder, params string[] arguments) =>
        RunAsync(Repository.MorganaTool, folder, arguments);

    /// <summary>Runs dotnet, which must end well.</summary>
    public async Task<ProcessResult> DotnetAsync(string folder, params string[] arguments) =>
        (await TryDotnetAsync(folder, arguments)).Succeeded(
            "dotnet " + string.Join(' ', arguments)
        );

    /// <summary>Runs dotnet, however it ends.</summary>
    public Task<ProcessResult> TryDotnetAsync(string folder, params string[] arguments) =>
        RunAsync("dotnet", folder, arguments);

    /// <summary>What the image for Linux prints, line by line.</summary>
    public async Task<string[]> PrintsAsync(string image) =>
        (await RunningProcess.RunAsync(PathOf(image), [], TimeSpan.FromSeconds(60)))
            .Succeeded(image)
            .Output.TrimEnd()
            .Split('\n');

    /// <summary>The names of all files in dist/ of a unikernel.</summary>
    public string[] Images(string folder) =>
        Directory.Exists(PathOf($"{folder}/dist"))
            ?
            [
                .. Directory
                    .GetFiles(PathOf($"{folder}/dist"))
                    .Select(path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ProcessResult> RunAsync(
        string program,
        string folder,
        IReadOnlyList<string> arguments
    )
    {
        await using RunningProcess process = RunningProcess.Start(
            program,
            arguments,
            Variables,
            PathOf(folder)
        );
        int code = await process.ExitAsync(Patience);
        return new ProcessResult(code, process.Output, process.Errors);
    }
}
