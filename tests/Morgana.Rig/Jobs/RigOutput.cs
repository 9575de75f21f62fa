namespace Morgana.Rig.Jobs;

/// <summary>Where a job's output goes besides being kept; nowhere for what is null.</summary>
/// <param name="Output">For standard output.</param>
/// <param name="Error">For standard error.</param>
public readonly record struct RigOutput(Stream? Output, Stream? Error);
