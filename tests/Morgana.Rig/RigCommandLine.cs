using System.Globalization;
using Morgana.Rig.Guest;

namespace Morgana.Rig;

/// <summary>What <c>eng/rig</c> was asked for.</summary>
internal sealed record RigCommandLine(
    RigArchitecture Architecture,
    IReadOnlyList<(string Path, string Name)> Files,
    IReadOnlyList<RigForward> Forwards,
    TimeSpan Limit,
    bool Verbose,
    string Command
)
{
    private const string Usage = """
        eng/rig x64|arm64 [--file PATH[=NAME]]... [--forward udp|tcp:HOSTPORT:[ADDRESS:]GUESTPORT]... [--timeout SECONDS] [-v] -- COMMAND...
        Starts a Linux with KVM inside QEMU's emulator, puts the files into /job there, runs the command in busybox's sh and gives back its output and exit code.
        """;

    /// <summary>Reads the command line; null, with what is wrong and how it is meant, when it cannot be read.</summary>
    public static RigCommandLine? Parse(IReadOnlyList<string> arguments, out string mistake)
    {
        List<(string, string)> files = [];
        List<RigForward> forwards = [];
        RigArchitecture? architecture = null;
        TimeSpan limit = TimeSpan.FromSeconds(300);
        bool verbose = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (argument)
            {
                case "x64":
                    architecture = RigArchitecture.X64;
                    break;
                case "arm64":
                    architecture = RigArchitecture.Arm64;
                    break;
                case "-v":
                    verbose = true;
                    break;
                case "--file" when value is not null:
                    i++;
                    int equals = value.LastIndexOf('=');
                    files.Add(
                        equals < 0
                            ? (value, Path.GetFileName(value))
                            : (value[..equals], value[(equals + 1)..])
                    );
                    if (!File.Exists(files[^1].Item1))
                    {
                        mistake = $"eng/rig: there is no file {files[^1].Item1}";
                        return null;
                    }

                    break;
                case "--forward" when value is not null:
                    i++;
                    if (RigForward.Parse(value) is not { } forward)
                    {
                        mistake =
                            $"eng/rig: --forward {value}: write udp:HOSTPORT:GUESTPORT, tcp:0:10.0.0.2:80 or the like\n{Usage}";
                        return null;
                    }

                    forwards.Add(forward);
                    break;
                case "--timeout" when value is not null:
                    i++;
                    if (
                        !int.TryParse(
                            value,
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out int seconds
                        )
                        || seconds == 0
                    )
                    {
                        mistake = $"eng/rig: --timeout {value}: write whole seconds\n{Usage}";
                        return null;
                    }

                    limit = TimeSpan.FromSeconds(seconds);
                    break;
                case "--" when architecture is { } chosen && value is not null:
                    mistake = "";
                    // As ssh does: the words are one command line for the shell there.
                    return new(
                        chosen,
                        files,
                        forwards,
                        limit,
                        verbose,
                        string.Join(' ', arguments.Skip(i + 1))
                    );
                default:
                    mistake =
                        argument == "--"
                            ? $"eng/rig: an architecture must stand before the -- and a command behind it\n{Usage}"
                            : $"eng/rig: '{argument}' is no option, or lacks its value\n{Usage}";
                    return null;
            }
        }

        mistake = Usage;
        return null;
    }
}
