using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Arm64;

/// <summary>
/// Starts arm64 images in this machine's tender, which gives them to a user-mode emulator. There is no sandbox then, and
/// the tender says so; what is tested is the image.
/// </summary>
internal static class EmulatedUnikernel
{
    /// <summary>The image of a project for arm64, as <c>eng/build-arm64</c> makes it.</summary>
    public static string Image(string name)
    {
        string path = Path.Combine(Repository.Root, "artifacts", "arm64", $"{name}.arm64.spt");
        return File.Exists(path)
            ? path
            : throw new MissingToolException(
                $"The arm64 image of {name} is not built ({path} is missing). Build it: eng/build-arm64"
            );
    }

    /// <summary>Runs an image without devices to its end.</summary>
    public static Task<ProcessResult> RunAsync(string name, params string[] arguments) =>
        RunningProcess.RunAsync(
            Tool.Find("env", "coreutils"),
            [.. Words, $"--mem={Unikernel.Memory}", Image(name), .. arguments],
            TimeSpan.FromMinutes(2)
        );

    /// <summary>Starts an image inside a namespace with its network device <c>service</c> on <paramref name="tap"/>.</summary>
    public static RunningProcess Start(
        NetworkNamespace space,
        string tap,
        string name,
        params string[] arguments
    ) =>
        space.Start(
            Tool.Find("env", "coreutils"),
            [
                .. Words,
                $"--mem={Unikernel.Memory}",
                $"--net:service={tap}",
                Image(name),
                .. arguments,
            ]
        );

    // The network namespace's way to start a program has no environment of its own: env(1) brings it.
    private static string[] Words =>
        [
            $"MORGANA_SPT_EMULATOR={Tool.Find("qemu-aarch64-static", "qemu-user-static")}",
            Repository.Tender,
        ];
}
