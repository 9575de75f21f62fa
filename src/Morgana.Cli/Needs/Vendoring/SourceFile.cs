namespace Morgana.Cli.Needs.Vendoring;

/// <summary>A file to put into vendor/.</summary>
/// <param name="Path">Where, relative to the package's folder there, with forward slashes.</param>
/// <param name="Content">What is in it.</param>
internal sealed record SourceFile(string Path, byte[] Content);
