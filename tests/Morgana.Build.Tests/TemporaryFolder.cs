namespace Morgana.Build.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Location { get; } = Directory.CreateTempSubdirectory("morgana-build-").FullName;

    public string this[string path] => Path.Combine(Location, path);

    public void Dispose() => Directory.Delete(Location, recursive: true);

    /// <summary>Writes a file and the folders above it.</summary>
    public string Write(string path, string text)
    {
        string full = this[path];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public string Read(string path) => File.ReadAllText(this[path]);
}
