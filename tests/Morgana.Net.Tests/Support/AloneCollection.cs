namespace Morgana.Net.Tests;

/// <summary>Tests that measure the memory of the whole process: no other test may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
