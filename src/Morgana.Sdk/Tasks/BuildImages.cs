using Microsoft.Build.Framework;
using Morgana.Build;
using Morgana.Build.Diagnostics;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Sdk.Planning;
using Morgana.Workspace;
using Morgana.Workspace.Resolution;

namespace Morgana.Sdk;

/// <summary>
/// Makes the plan of the project, <c>obj/morgana/plan.json</c>, and carries it out: native code, links, images in dist/. The tool's own build carries the same plan out without
/// MSBuild while nothing that it was made from has changed.
/// </summary>
public sealed class BuildImages : WorkspaceTask, IBuildReporter
{
    /// <summary>Set by the tool, which carries the plan out itself.</summary>
    private const string PlanOnly = "MORGANA_PLAN_ONLY";

    private BuildPlan? _plan;

    /// <summary>Full path of the project file.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>The SDK's own folder.</summary>
    [Required]
    public string SdkFolder { get; set; } = "";

    /// <summary>The checkout of Morgana that the SDK is of; empty for an SDK from a package.</summary>
    public string Checkout { get; set; } = "";

    /// <summary>The ahead-of-time compiler, ilc.</summary>
    [Required]
    public string Compiler { get; set; } = "";

    /// <summary>NuGet's package folder.</summary>
    [Required]
    public string PackageRoot { get; set; } = "";

    /// <summary>The version of the runtime pack.</summary>
    [Required]
    public string RuntimeVersion { get; set; } = "";

    /// <summary>The program, in obj/.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>The program, in bin/.</summary>
    [Required]
    public string TargetPath { get; set; } = "";

    /// <summary>The libraries that it uses, .NET's own apart.</summary>
    public string[] References { get; set; } = [];

    /// <summary>Assemblies to keep whole.</summary>
    public string[] RootAssemblies { get; set; } = [];

    /// <summary>Runtime options of the project (RuntimeHostConfigurationOption).</summary>
    public ITaskItem[] RuntimeOptions { get; set; } = [];

    /// <summary>Blended, Size or Speed.</summary>
    public string Optimization { get; set; } = "Blended";

    /// <summary>Programs that make the image out of what the linker made (MorganaImageStep), with their TargetName, Program and Arguments.</summary>
    public ITaskItem[] ImageSteps { get; set; } = [];

    /// <summary>The user's own C, with its Library, Flags, IncludeFolders and Libraries (ForeignStub).</summary>
    public ITaskItem[] ForeignStubs { get; set; } = [];

    /// <summary>The built programs of the steps, with the projects that they come from.</summary>
    public ITaskItem[] StepAssemblies { get; set; } = [];

    /// <summary>The program dotnet.</summary>
    public string Dotnet { get; set; } = "dotnet";

    /// <summary>The folder of the C# compiler.</summary>
    public string CSharpFolder { get; set; } = "";

    /// <summary>The C# compiler's arguments, when it has just run.</summary>
    public ITaskItem[] CSharpArguments { get; set; } = [];

    /// <summary>Whether the compiler may leave a server behind.</summary>
    public string SharedCompilation { get; set; } = "";

    /// <summary>Where intermediate files go.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>Where the images go.</summary>
    [Required]
    public string DistFolder { get; set; } = "";

    /// <summary>Where the plan goes, and the engine's records.</summary>
    [Required]
    public string StateFolder { get; set; } = "";

    /// <summary>Files that the project imports, as far as it knows them.</summary>
    public string[] ImportedFiles { get; set; } = [];

    /// <inheritdoc/>
    public void Starting(Build.Plans.BuildAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Log.LogMessage(MessageImportance.Normal, "{0}", CommandText.Of(action, ProjectFolder));
        if (action.Kind == ActionKind.Managed)
        {
            Log.LogMessage(
                MessageImportance.High,
                "  compiling native code for {0}",
                action.Id["ilc:".Length..]
            );
        }
    }

    /// <inheritdoc/>
    public void Done(ActionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Log.LogMessage(
            MessageImportance.Low,
            "{0}: {1}, {2}",
            report.Action.Id,
            report.Outcome,
            report.Reason
        );
        if (report.Outcome == ActionOutcome.Failed)
        {
            foreach (
                WorkspaceMistake mistake in FailedAction.Explain(
                    report,
                    _plan ?? throw new InvalidOperationException("The plan comes first.")
                )
            )
            {
                LogMistake(mistake);
            }
        }
        else if (report.Outcome == ActionOutcome.Ran && report.Output.Length > 0)
        {
            Log.LogMessage(MessageImportance.High, "{0}", report.Output);
        }

        if (
            report.Action.Id.StartsWith("promote:", StringComparison.Ordinal)
            && report.Outcome is ActionOutcome.Ran or ActionOutcome.Restored
            && File.Exists(report.Action.Outputs[0])
        )
        {
            Log.LogMessage(
                MessageImportance.High,
                "  {0} -> {1} ({2:N0} bytes)",
                report.Action.Contexts[0],
                report.Action.Outputs[0],
                new FileInfo(report.Action.Outputs[0]).Length
            );
        }
    }

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        string state = Path.GetFullPath(StateFolder);
        try
        {
            using BuildLock taken = BuildLock
                .TakeAsync(
                    state,
                    () =>
                        Log.LogMessage(
                            MessageImportance.High,
                            "  waiting for another build of this project"
                        ),
                    Cancelled
                )
                .GetAwaiter()
                .GetResult();
            FileHashes hashes = new(state);
            PlanInputs inputs = Inputs(workspace, state);
            BuildPlan plan = PlanMaker.Make(inputs, hashes, GivenProperties());
            BuildPlan? before = BuildPlan.TryRead(state);
            _plan = plan;
            plan.Write();
            ForgetImages(before, plan);
            if (Environment.GetEnvironmentVariable(PlanOnly) == "1")
            {
                return;
            }

            using BuildEngine engine = new(
                plan,
                new BuildOptions { Adopted = plan.DoneByEvaluation() },
                this,
                hashes
            );
            _ = engine.RunAsync(Cancelled).GetAwaiter().GetResult();
        }
        catch (BuildException e) when (e.Mistakes.Count > 0)
        {
            throw new WorkspaceException(e.Mistakes);
        }
        catch (BuildException e)
        {
            throw new SdkException(e.Code, e.Message);
        }
    }

    /// <summary>Images that an earlier plan made and that no context makes any more would go on to lie there and grow stale.</summary>
    private static void ForgetImages(BuildPlan? before, BuildPlan plan)
    {
        foreach (
            string path in (before?.Images ?? [])
                .Select(image => image.Path)
                .Except(plan.Images.Select(image => image.Path))
        )
        {
            // Images for another folder were made for somebody who wants them there.
            if (
                plan.Images.Count > 0
                && Path.GetDirectoryName(path) == Path.GetDirectoryName(plan.Images[0].Path)
            )
            {
                File.Delete(path);
            }
        }
    }

    private PlanInputs Inputs(DeclaredWorkspace workspace, string state)
    {
        ResolvedWorkspace resolved = Resolve(workspace);
        return new()
        {
            ProjectFile = ProjectFile,
            Workspace = resolved,
            ForeignStubs = ForeignStub.Read(
                ForeignStubs,
                ProjectFolder,
                Path.GetFileNameWithoutExtension(ProjectFile),
                resolved.Images
            ),
            NativeFolder = Path.GetFullPath(NativeFolder),
            SdkFolder = Path.GetFullPath(SdkFolder),
            Checkout = Checkout,
            TasksAssembly = typeof(BuildImages).Assembly.Location,
            PackageRoot = Path.GetFullPath(PackageRoot),
            RuntimeVersion = RuntimeVersion,
            NativeCompiler = Path.GetFullPath(Compiler),
            Assembly = Path.GetFullPath(Assembly, ProjectFolder),
            TargetPath = Path.GetFullPath(TargetPath, ProjectFolder),
            References = [.. References.Select(path => Path.GetFullPath(path, ProjectFolder))],
            RootAssemblies = RootAssemblies,
            RuntimeOptions = RuntimeOptions,
            Optimization = Optimization,
            ImageSteps = ImageSteps,
            StepAssemblies = StepAssemblies,
            Dotnet = Dotnet,
            CSharpFolder = CSharpFolder.Length > 0 ? Path.GetFullPath(CSharpFolder) : "",
            CSharpArguments = RememberedArguments(state),
            SharedCompilation = SharedCompilation == "true",
            WorkFolder = Path.GetFullPath(OutputFolder),
            DistFolder = Path.GetFullPath(DistFolder),
            StateFolder = state,
            AssetsFile = Path.GetFullPath(AssetsFile),
            ImportedFiles = ImportedFiles,
        };
    }

    /// <summary>Properties from the command line: without them the plan is another one, so the tool must not take this for its own.</summary>
    private Dictionary<string, string> GivenProperties() =>
        (BuildEngine as IBuildEngine6)
            ?.GetGlobalProperties()
            .Where(property =>
                !property.Key.StartsWith('_')
                && !property.Key.StartsWith("NuGet", StringComparison.OrdinalIgnoreCase)
                && !property.Key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
                && !(property.Key == "Configuration" && property.Value == "Release")
            )
            .ToDictionary(property => property.Key, property => property.Value)
        ?? [];

    /// <summary>MSBuild does not run the compiler when its output is current: then it was last run with the arguments of an earlier build.</summary>
    private string[] RememberedArguments(string state)
    {
        string path = Path.Combine(state, "csc");
        string[] arguments = [.. CSharpArguments.Select(item => item.ItemSpec)];
        if (arguments.Length > 0)
        {
            AtomicFile.Write(
                path,
                System.Text.Encoding.UTF8.GetBytes(string.Join('\n', arguments))
            );
            return arguments;
        }

        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }
}
