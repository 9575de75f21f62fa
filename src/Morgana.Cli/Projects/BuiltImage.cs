using Morgana.Workspace;

namespace Morgana.Cli.Projects;

/// <summary>An image that a build of the configured unikernel makes.</summary>
/// <param name="Context">The build context, as in spt-x64.</param>
/// <param name="Target">Its target.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Path">Full path of the file, which need not be there yet.</param>
internal sealed record BuiltImage(string Context, string Target, string Architecture, string Path)
{
    /// <summary>All images, in the order of the contexts.</summary>
    /// <exception cref="CommandException">The unikernel is not configured, or its workspace has mistakes.</exception>
    public static IReadOnlyList<BuiltImage> All(UnikernelFolder unikernel)
    {
        if (unikernel.ReadContext() is not { } context)
        {
            throw new CommandException(
                ExitCode.NotConfigured,
                "This unikernel is not configured: run morgana configure -t spt."
            );
        }

        try
        {
            return
            [
                .. DeclaredWorkspace
                    .Load(
                        unikernel.Location,
                        context.Name,
                        new WorkspaceDefaults(context.Targets, context.Architectures)
                    )
                    .ImageContexts.Select(c => new BuiltImage(
                        c.Name,
                        c.Target,
                        c.Architecture,
                        System.IO.Path.Combine(unikernel.ImagesPath, c.Image)
                    )),
            ];
        }
        catch (WorkspaceException exception)
        {
            throw new CommandException(ExitCode.Failed, exception.Message);
        }
    }

    /// <summary>The image of a context; without a name the first that is built, else the first.</summary>
    /// <exception cref="CommandException">There is no such context.</exception>
    public static BuiltImage Choose(UnikernelFolder unikernel, string? context)
    {
        IReadOnlyList<BuiltImage> all = All(unikernel);
        BuiltImage? found = context is null
            ? all.FirstOrDefault(i => File.Exists(i.Path)) ?? (all.Count > 0 ? all[0] : null)
            : all.FirstOrDefault(i => i.Context == context);
        return found
            ?? throw new CommandException(
                ExitCode.Usage,
                all.Count == 0
                    ? "No build context makes an image here: run morgana configure."
                    : $"There is no build context '{context}' that makes an image: it is {string.Join(" or ", all.Select(i => i.Context))}."
            );
    }
}
