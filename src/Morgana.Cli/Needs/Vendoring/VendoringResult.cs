namespace Morgana.Cli.Needs.Vendoring;

/// <summary>What <c>morgana depends --vendor</c> did.</summary>
/// <param name="Packages">The packages whose sources lie in vendor/.</param>
/// <param name="Left">The packages that stay binaries, by name, with what there is to say: "carries no sources and names none".</param>
/// <param name="Kept">Edited files that were not written over, relative to vendor/.</param>
internal sealed record VendoringResult(
    IReadOnlyList<VendoredPackage> Packages,
    IReadOnlyDictionary<string, string> Left,
    IReadOnlyList<string> Kept
);
