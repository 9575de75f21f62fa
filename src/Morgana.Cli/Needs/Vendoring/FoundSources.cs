namespace Morgana.Cli.Needs.Vendoring;

/// <summary>The sources of a package, and how they are compiled.</summary>
/// <param name="Source">Where they came from, as <see cref="VendoredPackage.Source"/>.</param>
/// <param name="Address">The address that they came from; empty when the package carries them.</param>
/// <param name="Commit">The commit; empty when none is known.</param>
/// <param name="Files">The sources, without the project file.</param>
/// <param name="Properties">Properties for the project file.</param>
/// <param name="Usings">Namespaces that each source uses without saying so.</param>
/// <param name="HasAssemblyInfo">True when the sources hold the assembly's attributes.</param>
internal sealed record FoundSources(
    string Source,
    string Address,
    string Commit,
    IReadOnlyList<SourceFile> Files,
    SortedDictionary<string, string> Properties,
    IReadOnlyList<string> Usings,
    bool HasAssemblyInfo
);
