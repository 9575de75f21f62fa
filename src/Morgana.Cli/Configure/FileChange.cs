namespace Morgana.Cli.Configure;

/// <summary>What <c>configure</c> does to one generated file.</summary>
/// <param name="Name">File name in the folder of generated files.</param>
/// <param name="Kind">What is done.</param>
internal sealed record FileChange(string Name, ChangeKind Kind);
