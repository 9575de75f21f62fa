namespace Morgana.Cli.Needs.Vendoring;

/// <summary>A package whose sources lie in vendor/.</summary>
internal sealed record VendoredPackage
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Hash of the package that the sources belong to.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Where the sources came from: <c>embedded</c>, <c>package</c>, <c>link</c> or <c>git</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The address of the sources; empty for those that the package carries.</summary>
    public required string Address { get; init; }

    /// <summary>The commit; empty when none is known.</summary>
    public required string Commit { get; init; }

    /// <summary>The licence, as an SPDX expression, file or address.</summary>
    public required string Licence { get; init; }

    /// <summary>The files as they were written, relative to the package's folder, with their SHA-256.</summary>
    public required SortedDictionary<string, string> Files { get; init; }
}
