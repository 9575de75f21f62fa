namespace Morgana.Cli.Configure;

/// <summary>What can happen to a generated file.</summary>
internal enum ChangeKind
{
    /// <summary>It is as it should be and is not touched.</summary>
    Unchanged,

    /// <summary>It is new, or replaces what an earlier configure wrote.</summary>
    Written,

    /// <summary>It replaces a generated file that somebody has changed by hand.</summary>
    Restored,

    /// <summary>It is no longer generated and goes.</summary>
    Removed,

    /// <summary>It is no longer generated, but somebody has changed it: it stays.</summary>
    Kept,

    /// <summary>It is not the tool's: only --force replaces it.</summary>
    Foreign,
}
