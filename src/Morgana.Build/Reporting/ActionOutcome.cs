namespace Morgana.Build.Reporting;

/// <summary>How an action came to be done.</summary>
public enum ActionOutcome
{
    /// <summary>Its outputs were there.</summary>
    Current,

    /// <summary>Its outputs came out of the cache.</summary>
    Restored,

    /// <summary>It ran.</summary>
    Ran,

    /// <summary>It ran and failed.</summary>
    Failed,
}
