namespace Morgana.Build.Plans;

/// <summary>A folder with the hash of what is in it.</summary>
/// <param name="Tree">The folder.</param>
/// <param name="Hash">See <see cref="Hashing.TreeHash"/>.</param>
public sealed record EvaluatedTree(SourceTree Tree, string Hash);
