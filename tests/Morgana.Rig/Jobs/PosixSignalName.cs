namespace Morgana.Rig.Jobs;

/// <summary>The signals that a job may be sent; their names are those of <c>kill</c>.</summary>
public enum PosixSignalName
{
    /// <summary>Ask it to end.</summary>
    Term,

    /// <summary>As Ctrl-C does.</summary>
    Int,

    /// <summary>End it.</summary>
    Kill,
}
