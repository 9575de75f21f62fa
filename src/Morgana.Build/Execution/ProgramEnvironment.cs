using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace Morgana.Build.Execution;

/// <summary>
/// What programs of a build see of the environment. Compilers get a short list that their output does not depend on; programs of the project get a short list that is part of
/// their keys; MSBuild gets all but names that it never sees, so that these cannot matter.
/// </summary>
public static class ProgramEnvironment
{
    /// <summary>Where programs find others, and where they may put what they need for a moment.</summary>
    private static readonly string[] Places =
    [
        "HOME",
        "PATH",
        "TMPDIR",
        "TMP",
        "TEMP",
        "SystemRoot",
        "USERPROFILE",
        "LOCALAPPDATA",
    ];

    /// <summary>The same for everybody: no output depends on the user's language, and .NET programs start where no ICU is installed.</summary>
    private static readonly string[] Fixed =
    [
        "LC_ALL=C.UTF-8",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1",
        "DOTNET_CLI_TELEMETRY_OPTOUT=1",
        "DOTNET_NOLOGO=1",
    ];

    /// <summary>Of terminals, desktops, sessions and shells. MSBuild does not get them.</summary>
    private static readonly HashSet<string> Withheld = new(StringComparer.Ordinal)
    {
        "_",
        "COLORTERM",
        "COLUMNS",
        "DBUS_SESSION_BUS_ADDRESS",
        "DESKTOP_SESSION",
        "DISPLAY",
        "EDITOR",
        "HISTFILE",
        "HISTSIZE",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "LESS",
        "LESSCLOSE",
        "LESSOPEN",
        "LINES",
        "LS_COLORS",
        "MAIL",
        "MANAGERPID",
        "NO_COLOR",
        "OLDPWD",
        "PAGER",
        "PROMPT_COMMAND",
        "PS1",
        "PWD",
        "SESSION_MANAGER",
        "SHLVL",
        "SSH_AGENT_PID",
        "SSH_AUTH_SOCK",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "SSH_TTY",
        "STY",
        "TERM",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "TERM_SESSION_ID",
        "TMUX",
        "TMUX_PANE",
        "VISUAL",
        "VTE_VERSION",
        "WAYLAND_DISPLAY",
        "WINDOWID",
        "XAUTHORITY",
        "XDG_CURRENT_DESKTOP",
        "XDG_RUNTIME_DIR",
        "XDG_SEAT",
        "XDG_SESSION_CLASS",
        "XDG_SESSION_ID",
        "XDG_SESSION_TYPE",
        "XDG_VTNR",
        // Morgana's own, of no use to what it starts.
        "MORGANA_CACHE",
        "MORGANA_CACHE_SIZE",
        // Left by a build that this one was started from, they would lead it astray.
        "MSBUILD_EXE_PATH",
        "MSBuildExtensionsPath",
        "MSBuildLoadMicrosoftTargetsReadOnly",
        "MSBuildSDKsPath",
    };

    /// <summary>All that the program of an action gets, <c>NAME=VALUE</c>: a short list, then the action's own.</summary>
    /// <param name="own">What the plan gives it.</param>
    public static IReadOnlyList<string> ForActions(IReadOnlyList<string> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        List<string> all = [];
        foreach (string name in Places)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                all.Add($"{name}={value}");
            }
        }

        all.AddRange(Fixed);
        all.AddRange(own);
        return all;
    }

    /// <summary>All that MSBuild gets, <c>NAME=VALUE</c>, in a fixed order.</summary>
    public static IReadOnlyList<string> ForEvaluation()
    {
        SortedSet<string> all = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (!Withheld.Contains(name))
            {
                _ = all.Add($"{name}={variable.Value}");
            }
        }

        return [.. all];
    }

    /// <summary>One hash of all that MSBuild gets.</summary>
    public static string Hash()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\0', ForEvaluation()));
        return Convert.ToHexStringLower(SHA256.HashData(text));
    }

    /// <summary>The names of the variables of which an evaluation's environment differs from another one, for <c>--explain</c>.</summary>
    public static IReadOnlyList<string> Differences(IEnumerable<string> before) =>
        [
            .. before
                .Except(ForEvaluation(), StringComparer.Ordinal)
                .Concat(ForEvaluation().Except(before, StringComparer.Ordinal))
                .Select(variable =>
                    variable[..Math.Max(0, variable.IndexOf('=', StringComparison.Ordinal))]
                )
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}
