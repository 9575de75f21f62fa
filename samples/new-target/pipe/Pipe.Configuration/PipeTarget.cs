using Morgana.Configuration;

namespace Pipe.Configuration;

/// <summary>
/// The target <c>pipe</c>: a Linux process whose only network is its standard input and output. All that the tool knows
/// about it is this value.
/// </summary>
public static class PipeTarget
{
    /// <summary>The target.</summary>
    /// <param name="folder">The folder <c>pipe/</c>, from that of config.cs.</param>
    public static Target At(string folder) =>
        new()
        {
            Name = "pipe",
            Description = "a Linux process with its network on standard input and output",
            Extension = "pipe",
            // The base layer has the system calls of one architecture so far.
            Architectures = ["x64"],
            Bindings = $"{folder}/bindings",
            Drivers =
            [
                // Its packets are datagrams and no frames: there is nothing for Morgana's own stack to do. The
                // expression leaves out the addresses ({1}, {2}), and with them the boot arguments --ipv4 and --ipv4-gateway.
                new Driver
                {
                    Device = "ipv4-stack",
                    Expression = "new global::Pipe.PipeStack({0})",
                    Needs = [Devices.ProjectFile($"{folder}/Pipe.Runtime/Pipe.Runtime.csproj")],
                },
            ],
            Run = TargetRun.Command(
                "dotnet",
                "run",
                "--project",
                $"{folder}/Pipe.Tender",
                "--",
                TargetRun.ImagePlace,
                TargetRun.ArgumentsPlace
            ),
        };
}
