namespace Morgana.Crunch;

/// <summary>One file of the folder.</summary>
/// <param name="Key">Its path in the folder, in UTF-8, with '/' between the parts.</param>
/// <param name="Content">What is in it.</param>
internal sealed record EmbeddedFile(byte[] Key, byte[] Content);
