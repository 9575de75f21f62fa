using System.Runtime.InteropServices;
using System.Text.Json;
using Morgana.Cli.Run.Images;
using Morgana.Configuration;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Run;

/// <summary>The target that an image is run on, and the image.</summary>
/// <param name="Target">All that is known about the target.</param>
/// <param name="Image">The image's path.</param>
/// <param name="Name">Name of the unikernel; null when the folder is not configured.</param>
internal sealed record RunTarget(Target Target, string Image, string? Name)
{
    /// <summary>What a command line means in a folder.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="folder">The folder of the unikernel.</param>
    /// <exception cref="RunException">There is no such target or image.</exception>
    public static RunTarget Find(RunOptions options, string folder)
    {
        SavedContext? context = Read(folder);
        Target[] known = [.. Target.BuiltIn, .. context?.OwnTargets ?? []];
        string name =
            options.Target
            ?? (
                options.Debug
                    ? known.First(t => t.RunsOnDotnet).Name
                    : OfImage(options.Image, folder, known)
                        ?? context?.Targets[0]
                        ?? Target.Spt.Name
            );
        Target target =
            known.FirstOrDefault(t => t.Name == name)
            ?? throw new RunException(
                $"There is no target '{name}' here. The targets are: {string.Join(", ", known.Where(t => !t.IsPlanned))}."
            );
        if (target.IsPlanned)
        {
            throw new RunException(
                $"This version of Morgana cannot run images for {target} yet, only for {string.Join(", ", known.Where(t => !t.IsPlanned))}."
            );
        }

        // With --debug no image is run.
        string image =
            options.Debug ? ""
            : options.Image is null && context is not null ? Built(context, target, folder)
            : ImageLocation.Find(options.Image, target.Extension, folder);
        return new RunTarget(target, image, context?.Name);
    }

    /// <summary>The target that a named image itself says it is for; null when it says none that is known here.</summary>
    private static string? OfImage(string? image, string folder, IReadOnlyList<Target> known)
    {
        string? name = image is null ? null : ImageManifest.Target(Path.Combine(folder, image));
        return known.Any(target => target.Name == name) ? name : null;
    }

    /// <summary>The image that the folder is configured for, for this machine if there is one.</summary>
    private static string Built(SavedContext context, Target target, string folder)
    {
        if (!context.Targets.Contains(target.Name))
        {
            throw new RunException(
                $"{context.Name} is configured for {string.Join(" and ", context.Targets)}, not for {target}: run morgana configure -t {string.Join(',', context.Targets)},{target} and morgana build, or name an image with --image PATH."
            );
        }

        string own = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        (Target Target, string Architecture, string Image)[] images =
        [
            .. ConfiguredGraph
                .ImagesOf(context.Name, [target], context.Architectures)
                .OrderByDescending(image => image.Architecture == own),
        ];
        string path = Path.Combine("dist", images[0].Image);
        return File.Exists(Path.Combine(folder, path))
            ? path
            : throw new RunException(
                $"There is no image {path} here. Build it with: morgana build   (or name one with --image PATH)"
            );
    }

    private static SavedContext? Read(string folder)
    {
        string path = Path.Combine(folder, GeneratedFiles.Folder, SavedContext.FileName);
        try
        {
            return File.Exists(path) ? SavedContext.FromJson(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            // An image runs without its configuration.
            return null;
        }
    }
}
