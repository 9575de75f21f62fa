using Morgana.Workspace.Contexts;
using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace.Resolution;

/// <summary>A workspace with the toolchains of its contexts: what a build starts from.</summary>
public sealed record ResolvedWorkspace
{
    /// <summary>What the workspace declares.</summary>
    public required DeclaredWorkspace Declared { get; init; }

    /// <summary>Where toolchains were looked for, and all that were found.</summary>
    public required ToolchainSearch Toolchains { get; init; }

    /// <summary>The enabled contexts that make images, with their toolchains.</summary>
    public required IReadOnlyList<ResolvedContext> Images { get; init; }

    /// <summary>Finds the toolchains of all enabled contexts.</summary>
    /// <param name="declared">The workspace.</param>
    /// <param name="assetsFile">obj/project.assets.json of its project, for toolchains in packages; it need not be there.</param>
    /// <param name="sdkToolchains">The SDK's own <c>toolchains/</c>; null for none.</param>
    /// <exception cref="WorkspaceException">Toolchains are not there or damaged: all of them are named.</exception>
    public static ResolvedWorkspace Resolve(
        DeclaredWorkspace declared,
        string assetsFile,
        string? sdkToolchains
    )
    {
        ArgumentNullException.ThrowIfNull(declared);
        ToolchainSearch search = new(
            ToolchainSearch.PlacesOf(
                declared,
                ToolchainPackages.Read(assetsFile),
                sdkToolchains,
                Environment.GetEnvironmentVariable(ToolchainSearch.Variable)
            )
        );
        List<WorkspaceMistake> mistakes = [];
        List<ResolvedContext> images = [];
        foreach (BuildContext context in declared.ImageContexts)
        {
            try
            {
                images.Add(new ResolvedContext(context, search.Find(context)));
            }
            catch (WorkspaceException e)
            {
                mistakes.AddRange(e.Mistakes);
            }
        }

        return mistakes.Count > 0
            ? throw new WorkspaceException(mistakes)
            : new ResolvedWorkspace
            {
                Declared = declared,
                Toolchains = search,
                Images = images,
            };
    }
}
