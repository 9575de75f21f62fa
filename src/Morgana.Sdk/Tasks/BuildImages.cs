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
using Morgana.Workspace.Steps;

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

    /// <summary>Where intermediate files go.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>Where the images go.</summary>
    [Required]
    public string DistFolder { get; set; } = "";

    /// <summary>Where the plan goes, and the engine's records.</summary>
    [Required]
    public string StateFolder { get; set; } = "";

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
            PlanInputs inputs = Inputs(workspace, state);
            BuildPlan plan = PlanMaker.Make(inputs);
            BuildPlan? before = BuildPlan.TryRead(state);
            _plan = plan;
            plan.Write();
            if (Environment.GetEnvironmentVariable(PlanOnly) == "1")
            {
                return;
            }

            plan.ForgetImages(before?.Images ?? []);

            using BuildEngine engine = new(plan, new BuildOptions(), this, new FileHashes(state));
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

    private PlanInputs Inputs(DeclaredWorkspace workspace, string state)
    {
        ResolvedWorkspace resolved = Resolve(workspace);
        string[] names = [.. resolved.Images.Select(context => context.Context.Name)];
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
            References = [.. References.Select(path => Path.GetFullPath(path, ProjectFolder))],
            RootAssemblies = RootAssemblies,
            RuntimeOptions = RuntimeOptions,
            Optimization = Optimization,
            ImageSteps = ImageSteps,
            StepAssemblies = StepAssemblies,
            Dotnet = Dotnet,
            CSharpFolder = CSharpFolder.Length > 0 ? Path.GetFullPath(CSharpFolder) : "",
            Steps =
            [
                .. StepRun
                    .Of(workspace)
                    .Select(run =>
                        StepActions.Action(run, StepAssemblies, Dotnet, ProjectFolder, names)
                    ),
            ],
            WorkFolder = Path.GetFullPath(OutputFolder),
            DistFolder = Path.GetFullPath(DistFolder),
            StateFolder = state,
        };
    }
}
