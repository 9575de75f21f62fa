namespace Morgana.Cli.Needs.Locks;

/// <summary>A package as a lock file names it.</summary>
/// <param name="Id">The package's name.</param>
/// <param name="Version">Its exact version.</param>
/// <param name="ContentHash">SHA-512 of its content in base 64, as NuGet has it; empty for what has none, such as a project.</param>
internal sealed record LockedPackage(string Id, string Version, string ContentHash)
{
    /// <summary>Name@Version.</summary>
    public override string ToString() => $"{Id}@{Version}";
}
