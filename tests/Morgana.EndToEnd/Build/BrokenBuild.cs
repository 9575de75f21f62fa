using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Build;

/// <summary>A unikernel in a folder of the checkout, whose build a test breaks.</summary>
internal sealed class BrokenBuild : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    public BrokenBuild(string name)
    {
        Folder = Path.Combine(Repository.Root, "artifacts", "broken", name);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        _ = Directory.CreateDirectory(Folder);
        Write(
            "config.cs",
            """
            #:project ../../../src/Morgana.Configuration/Morgana.Configuration.csproj
            #:property PublishAot=false
            using Morgana.Configuration;
            using static Morgana.Configuration.Devices;

            var job = Job<IConsole>("Broken.Unikernel");
            return Project.Register("broken", job.Apply(DefaultConsole), args);
            """
        );
        Write(
            "Unikernel.cs",
            """
            using Morgana.Runtime;

            namespace Broken;

            public sealed class Unikernel(Stream console) : IUnikernel
            {
                public Task<int> RunAsync()
                {
                    console.Write("whole\n"u8);
                    return Task.FromResult(0);
                }
            }
            """
        );
        Write("broken.csproj", "<Project Sdk=\"Morgana.Sdk\" />\n");
    }

    public string Folder { get; }

    public void Write(string file, string content) =>
        File.WriteAllText(Path.Combine(Folder, file), content);

    public void Replace(string file, string old, string by)
    {
        string path = Path.Combine(Folder, file);
        string content = File.ReadAllText(path);
        Assert.Contains(old, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(old, by, StringComparison.Ordinal));
    }

    /// <summary>Runs a command that must go well.</summary>
    public async Task DoAsync(params string[] arguments)
    {
        ProcessResult result = await RunAsync(arguments);
        Assert.True(result.Code == 0, result.Output + result.Errors);
    }

    /// <summary>Runs a command that must fail, plainly and on one screen.</summary>
    /// <returns>All that it said.</returns>
    public async Task<string> FailAsync(params string[] arguments)
    {
        ProcessResult result = await RunAsync(arguments);
        Assert.True(
            result.Code is 1 or 3 or 4 or 5,
            $"{result.Code}: {result.Output}{result.Errors}"
        );
        string said = result.Output + result.Errors;
        int lines = said.TrimEnd().Split('\n').Sum(line => 1 + line.Length / 200);
        Assert.True(lines <= 24, $"{lines} lines:\n{said}");
        Assert.DoesNotContain("\n   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", said, StringComparison.Ordinal);
        Assert.False(
            Directory.Exists(Path.Combine(Folder, "dist"))
                && Directory.GetFiles(Path.Combine(Folder, "dist")).Length > 0
        );
        return said;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task<ProcessResult> RunAsync(string[] arguments) =>
        await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["-C", Folder, .. arguments],
            Patience
        );
}
