namespace Morgana.Rig.Jobs;

/// <summary>A file that a job finds in its folder, <c>/job</c>; executable, whatever it is.</summary>
/// <param name="Name">Its name there, which may have folders in it.</param>
/// <param name="Content">Its bytes.</param>
public sealed record RigFile(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>A file of this machine, under its own name or another.</summary>
    public static RigFile From(string path, string? name = null) =>
        new(name ?? Path.GetFileName(path), File.ReadAllBytes(path));
}
