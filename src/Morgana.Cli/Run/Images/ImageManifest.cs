using Morgana.Elf;

namespace Morgana.Cli.Run.Images;

/// <summary>Reads which devices an image declares.</summary>
internal static class ImageManifest
{
    /// <summary>The devices of the image <paramref name="path"/>, in its order.</summary>
    /// <exception cref="RunException">The file cannot be read, or is no image.</exception>
    public static IReadOnlyList<ManifestDevice> Devices(string path)
    {
        try
        {
            using FileElfSource source = new(path);
            return ManifestNote.Find(ElfFile.Read(source))?.Devices
                ?? throw NotAnImage($"{path}: there is no manifest in it");
        }
        catch (ElfException exception)
        {
            throw NotAnImage(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The image cannot be read: {exception.Message}");
        }
    }

    private static RunException NotAnImage(string why) =>
        new($"This is not a unikernel image: {why}. Build one with: morgana build");
}
