namespace Morgana.Dns;

/// <summary>A record of a master file, and where it stands.</summary>
/// <param name="Record">The record.</param>
/// <param name="File">The file's name, as it was given.</param>
/// <param name="Line">The line on which the entry starts, from 1.</param>
public readonly record struct MasterFileEntry(ResourceRecord Record, string File, int Line);
