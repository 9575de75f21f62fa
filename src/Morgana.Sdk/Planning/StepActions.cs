using Microsoft.Build.Framework;
using Morgana.Build.Plans;
using Morgana.Workspace.Steps;

namespace Morgana.Sdk.Planning;

/// <summary>The actions of the workspace's steps (BuildStep): programs of the project that write before the C# compiler reads.</summary>
internal static class StepActions
{
    public static BuildAction Action(
        StepRun run,
        IReadOnlyList<ITaskItem> assemblies,
        string dotnet,
        string projectFolder,
        IReadOnlyList<string> contexts
    )
    {
        string assembly = StepPrograms.Find(assemblies, run.Step.Program);
        return new BuildAction
        {
            Id = "step:" + run.Name,
            Kind = ActionKind.Program,
            Contexts = run.Context is null ? contexts : [run.Context.Name],
            Program = dotnet,
            Arguments = ["exec", assembly, .. run.Arguments],
            Environment = run.Environment,
            WorkingFolder = projectFolder,
            Inputs = [.. StepPrograms.Files(assembly), .. run.Inputs],
            Direct = run.Inputs,
            Outputs = run.Outputs,
            ErrorCode = "MORGANA059",
            Package = "dotnet-sdk-10.0",
        };
    }
}
