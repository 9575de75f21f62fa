using Morgana.Configuration.Generation;

namespace Morgana.Cli.Projects;

/// <summary>An image that a build of the configured unikernel makes.</summary>
/// <param name="Context">The build context, as in spt-x64.</param>
/// <param name="Path">Full path of the file, which need not be there yet.</param>
internal sealed record BuiltImage(string Context, string Path)
{
    /// <summary>All images, in the order of the contexts.</summary>
    /// <exception cref="CommandException">The unikernel is not configured.</exception>
    public static IReadOnlyList<BuiltImage> All(UnikernelFolder unikernel)
    {
        SavedContext context =
            unikernel.ReadContext()
            ?? throw new CommandException(
                ExitCode.NotConfigured,
                "This unikernel is not configured: run morgana configure -t spt."
            );
        IEnumerable<string> architectures = context.Architectures ?? ["x64"];
        return
        [
            .. architectures.Zip(
                context.Images(),
                (architecture, image) =>
                    new BuiltImage(
                        $"{context.Target}-{architecture}",
                        System.IO.Path.Combine(unikernel.ImagesPath, image)
                    )
            ),
        ];
    }

    /// <summary>The image of a context; without a name the only image, or else the only one that is built, or the first.</summary>
    /// <exception cref="CommandException">There is no such context.</exception>
    public static BuiltImage Choose(UnikernelFolder unikernel, string? context)
    {
        IReadOnlyList<BuiltImage> all = All(unikernel);
        return context is null
            ? all.FirstOrDefault(i => File.Exists(i.Path)) ?? all[0]
            : all.FirstOrDefault(i => i.Context == context)
                ?? throw new CommandException(
                    ExitCode.Usage,
                    $"There is no build context '{context}': it is {string.Join(" or ", all.Select(i => i.Context))}."
                );
    }
}
