namespace Morgana.Cli.Needs.Packages;

/// <summary>A package or project that a restored project stands on.</summary>
internal sealed class Library
{
    /// <summary>Its name, as NuGet spells it.</summary>
    public required string Id { get; init; }

    /// <summary>Its exact version.</summary>
    public required string Version { get; init; }

    /// <summary>True for a project, false for a package.</summary>
    public required bool IsProject { get; init; }

    /// <summary>A package's folder below the packages folder; a project's file, from the folder of the restored project.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-512 of a package's content in base 64; empty for a project.</summary>
    public required string ContentHash { get; init; }

    /// <summary>What it needs, each with the lowest version that will do or a range.</summary>
    public required SortedDictionary<string, string> Dependencies { get; init; }

    /// <summary>The assemblies that go into the program, relative to the package's folder.</summary>
    public required IReadOnlyList<string> RuntimeAssets { get; init; }

    /// <summary>Sources that are compiled with the program itself, relative to the package's folder.</summary>
    public required IReadOnlyList<string> ContentFiles { get; init; }
}
