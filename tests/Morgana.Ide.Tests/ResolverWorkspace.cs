using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.MSBuild;
using Morgana.Cli;
using Morgana.Cli.Output;

namespace Morgana.Ide.Tests;

/// <summary>
/// A copy of the resolver in a folder of its own in the checkout, configured and restored by the tool and then opened as an editor
/// opens it: one workspace with config.cs, the unikernel and the libraries.
/// </summary>
public sealed class ResolverWorkspace : IAsyncLifetime
{
    private MSBuildWorkspace? _workspace;

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>Root of the checkout.</summary>
    public static string Checkout
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Morgana.slnx")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder
                ?? throw new InvalidOperationException("The tests run outside the checkout.");
        }
    }

    /// <summary>What is open.</summary>
    public Solution Solution =>
        _workspace?.CurrentSolution ?? throw new InvalidOperationException("Nothing is open.");

    /// <summary>What the workspace complained of while loading.</summary>
    public List<string> Complaints { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Folder = Path.Combine(Checkout, "artifacts", $"ide-{Environment.ProcessId}");
        Directory.CreateDirectory(Folder);
        foreach (
            string file in Directory.GetFiles(Path.Combine(Checkout, "unikernels", "resolver"))
        )
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
        }

        await RunAsync("configure", "-t", "spt");
        await RunAsync("depends");
        _workspace = MSBuildWorkspace.Create();
        _workspace.RegisterWorkspaceFailedHandler(e => Complaints.Add(e.Diagnostic.ToString()));
        await _workspace.OpenSolutionAsync(Path.Combine(Folder, "morgana", "resolver.slnx"));
    }

    /// <summary>The document at a path from the unikernel's folder, as one of its projects has it.</summary>
    public Document Document(string path)
    {
        string full = Path.GetFullPath(path, Folder);
        return Solution
                .Projects.SelectMany(p => p.Documents)
                .FirstOrDefault(d => d.FilePath == full)
            ?? throw new InvalidOperationException(
                $"No project has {full}. {string.Join('\n', Complaints)}"
            );
    }

    public async Task<string> RunAsync(params string[] arguments)
    {
        await using StringWriter output = new();
        await using StringWriter error = new();
        int exit = await Application.RunAsync(
            ["-C", Folder, .. arguments],
            new Terminal { Out = output, Error = error }
        );
        Assert.True(exit == 0, $"morgana {string.Join(' ', arguments)}: {error}");
        return output.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _workspace?.Dispose();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
