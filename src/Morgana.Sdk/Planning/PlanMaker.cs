using Morgana.Build.Plans;

namespace Morgana.Sdk.Planning;

/// <summary>Makes the plan of a project: all actions of all contexts that make images, in an order in which they could run one after the other.</summary>
internal static class PlanMaker
{
    /// <exception cref="SdkException">Something that the plan needs is not there.</exception>
    public static BuildPlan Make(PlanInputs inputs)
    {
        BuildAction[] actions =
        [
            .. inputs.Steps,
            .. ManagedCode.Actions(inputs),
            .. NativeLayer.Actions(inputs),
            .. ForeignStubs.Actions(inputs),
            .. inputs.Workspace.Images.SelectMany(context => ImageLink.Actions(inputs, context)),
        ];
        return new BuildPlan
        {
            Name = inputs.Workspace.Declared.Name,
            ProjectFolder = inputs.ProjectFolder,
            StateFolder = inputs.StateFolder,
            Roots = inputs.Roots,
            ProjectFile = inputs.ProjectFile,
            Files = [.. PlanReads.Files(inputs)],
            Folders = [.. PlanReads.Folders(inputs)],
            Actions = actions,
            Images =
            [
                .. inputs.Workspace.Images.Select(context => ImageLink.Image(inputs, context)),
            ],
        };
    }
}
