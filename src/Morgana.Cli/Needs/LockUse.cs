namespace Morgana.Cli.Needs;

/// <summary>What a restore makes of a lock file.</summary>
internal enum LockUse
{
    /// <summary>What it names stays as it is; what the project has more or less since then goes into it or out of it.</summary>
    Adjust,

    /// <summary>It is law: what it does not name is an error, and nothing is written.</summary>
    Hold,

    /// <summary>Everything is resolved as if there were none.</summary>
    Renew,
}
