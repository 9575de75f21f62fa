namespace Morgana.Cli;

/// <summary>Exit codes of the tool; docs/cli.md and every --help list them.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The user's program or its build failed: config.cs, the compiler, the linker.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong, or there is no unikernel here.</summary>
    public const int Usage = 2;

    /// <summary>Not configured, or configured from something that has changed since.</summary>
    public const int NotConfigured = 3;

    /// <summary>Something that must be installed or restored is not there.</summary>
    public const int Missing = 4;

    /// <summary>A lock file is missing or does not fit what the build needs.</summary>
    public const int LockStale = 5;

    /// <summary>Ctrl-C: 128 and the signal's number, as shells have it.</summary>
    public const int Stopped = 130;

    /// <summary>The list for --help.</summary>
    public const string Help = """
        Exit codes:
          0  done
          1  config.cs or the build failed; the messages say why
          2  the command line is wrong, or there is no unikernel here
          3  not configured, or config.cs has changed since: run morgana configure
          4  something must be installed or restored first: run morgana depends
          5  a lock file is missing or stale: run morgana depends
          130  stopped with Ctrl-C
          (morgana run, spt and elf: see their own --help)

        """;
}
