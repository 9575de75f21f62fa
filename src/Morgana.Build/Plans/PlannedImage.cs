namespace Morgana.Build.Plans;

/// <summary>An image that the plan makes.</summary>
/// <param name="Context">The context's name.</param>
/// <param name="Path">Full path of the file in dist/.</param>
/// <param name="Linked">Full path of the image with its symbols.</param>
public sealed record PlannedImage(string Context, string Path, string Linked);
