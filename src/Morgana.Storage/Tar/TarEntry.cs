namespace Morgana.Storage.Tar;

/// <summary>Where a file of an archive is.</summary>
/// <param name="Offset">Its first byte on the disk.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Seconds">Time of the last change, since 1970.</param>
internal readonly record struct TarEntry(long Offset, long Size, long Seconds);
