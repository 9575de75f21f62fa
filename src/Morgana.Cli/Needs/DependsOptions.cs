namespace Morgana.Cli.Needs;

/// <summary>What <c>morgana depends</c> was asked to do.</summary>
internal sealed record DependsOptions
{
    /// <summary>Resolve everything anew and write the locks anew.</summary>
    public bool Update { get; init; }

    /// <summary>Write nothing; fail when a lock is missing or stale.</summary>
    public bool Locked { get; init; }

    /// <summary>Pass on all that dotnet says.</summary>
    public bool Verbose { get; init; }

    /// <summary>Bring sources to vendor/.</summary>
    public bool Vendor { get; init; }

    /// <summary>The packages to bring the sources of, by name or with stars; all when empty.</summary>
    public IReadOnlyList<string> VendorNames { get; init; } = [];

    /// <summary>Write over edits in vendor/.</summary>
    public bool Force { get; init; }
}
