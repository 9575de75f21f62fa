using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Unix;

/// <summary>Images for the target unix: programs of this machine, or of another one under an emulator.</summary>
internal static class UnixProgram
{
    /// <summary>The words that start the image of a project.</summary>
    /// <param name="name">Name of the unikernel.</param>
    /// <param name="folder">Its folder from the root of the checkout.</param>
    /// <param name="arm64">The image for arm64, emulated.</param>
    public static string[] Words(string name, string folder, bool arm64 = false)
    {
        string path = arm64
            ? Path.Combine(Repository.Root, "artifacts", "arm64", $"{name}.arm64")
            : Path.Combine(Repository.Root, folder, "dist", name);
        if (!File.Exists(path))
        {
            throw new MissingToolException(
                $"The unix image of {name} is not built ({path} is missing). Build it: "
                    + (arm64 ? "eng/build-arm64" : "morgana configure -t spt,unix && morgana build")
            );
        }

        return arm64 ? [Tool.Find("qemu-aarch64-static", "qemu-user-static"), path] : [path];
    }

    /// <summary>Runs an image to its end.</summary>
    public static Task<ProcessResult> RunAsync(string[] words, params string[] arguments) =>
        RunningProcess.RunAsync(
            words[0],
            [.. words[1..], $"--mem={Unikernel.Memory}", .. arguments],
            TimeSpan.FromMinutes(2)
        );
}
