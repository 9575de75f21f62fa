using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Images;

/// <summary>Starts images in the real tender.</summary>
internal static class Unikernel
{
    /// <summary>Memory that tests give an image, in MB, unless they say otherwise.</summary>
    public const int Memory = 64;

    /// <summary>Runs an image without devices to its end.</summary>
    public static Task<ProcessResult> RunAsync(string image, params string[] arguments) =>
        RunningProcess.RunAsync(
            Repository.Tender,
            [$"--mem={Memory}", image, .. arguments],
            TimeSpan.FromSeconds(60)
        );

    /// <summary>Starts an image inside a namespace with its network device <c>service</c> on <paramref name="tap"/>.</summary>
    public static RunningProcess Start(
        NetworkNamespace space,
        string tap,
        string image,
        params string[] arguments
    ) =>
        space.Start(
            Repository.Tender,
            [$"--mem={Memory}", $"--net:service={tap}", image, .. arguments]
        );
}
