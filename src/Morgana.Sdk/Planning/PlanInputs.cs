using Microsoft.Build.Framework;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Workspace.Resolution;

namespace Morgana.Sdk.Planning;

/// <summary>What MSBuild worked out about a project: everything that its plan is made of.</summary>
internal sealed record PlanInputs
{
    public required string ProjectFile { get; init; }

    public required ResolvedWorkspace Workspace { get; init; }

    /// <summary>The SDK's native layer.</summary>
    public required string NativeFolder { get; init; }

    /// <summary>The SDK's own folder, with Sdk/.</summary>
    public required string SdkFolder { get; init; }

    /// <summary>The checkout of Morgana that the SDK is of; empty for an SDK from a package.</summary>
    public string Checkout { get; init; } = "";

    /// <summary>The task's assembly: the SDK itself.</summary>
    public required string TasksAssembly { get; init; }

    /// <summary>NuGet's package folder.</summary>
    public required string PackageRoot { get; init; }

    /// <summary>The version of the ahead-of-time compiler and the runtime packs.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>The ahead-of-time compiler, ilc.</summary>
    public required string NativeCompiler { get; init; }

    /// <summary>The program as IL, in obj/.</summary>
    public required string Assembly { get; init; }

    /// <summary>The libraries that it uses, .NET's own apart.</summary>
    public required IReadOnlyList<string> References { get; init; }

    public IReadOnlyList<string> RootAssemblies { get; init; } = [];

    public IReadOnlyList<ITaskItem> RuntimeOptions { get; init; } = [];

    /// <summary>Blended, Size or Speed.</summary>
    public string Optimization { get; init; } = "Blended";

    public IReadOnlyList<ITaskItem> ImageSteps { get; init; } = [];

    public IReadOnlyList<ITaskItem> StepAssemblies { get; init; } = [];

    /// <summary>The program dotnet.</summary>
    public required string Dotnet { get; init; }

    /// <summary>The folder with csc.dll.</summary>
    public required string CSharpFolder { get; init; }

    /// <summary>The actions of the workspace's steps.</summary>
    public IReadOnlyList<BuildAction> Steps { get; init; } = [];

    /// <summary>Where intermediate files go.</summary>
    public required string WorkFolder { get; init; }

    public required string DistFolder { get; init; }

    /// <summary>The folder for the plan.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The user's own C.</summary>
    public IReadOnlyList<ForeignStub> ForeignStubs { get; init; } = [];

    /// <summary>Folders whose place does not matter, with names in place of them.</summary>
    public IReadOnlyDictionary<string, string> Roots
    {
        get
        {
            Dictionary<string, string> roots = new(StringComparer.Ordinal);
            Add(ProjectFolder, "<project>");
            Add(Checkout, "<morgana>");
            Add(SdkFolder, "<sdk>");
            Add(PackageRoot, "<packages>");
            if (CSharpFolder.Length > 0)
            {
                // The SDK's folder, above Roslyn/bincore; its last part is the version, which counts.
                string sdk = Path.GetFullPath(Path.Combine(CSharpFolder, "..", "..", ".."));
                Add(Path.GetDirectoryName(sdk) ?? "", "<dotnet>");
            }

            foreach (ResolvedContext context in Workspace.Images)
            {
                Add(
                    context.Toolchain.Folder,
                    $"<toolchain-{context.Toolchain.Name}-{context.Toolchain.Architecture}>"
                );
            }

            return roots;

            void Add(string folder, string name)
            {
                string trimmed = Path.TrimEndingDirectorySeparator(folder);
                if (trimmed.Length > 1)
                {
                    _ = roots.TryAdd(trimmed, name);
                }
            }
        }
    }

    public PathNames Names => field ??= new PathNames(Roots);

    public string ProjectFolder => Path.GetDirectoryName(ProjectFile)!;
}
