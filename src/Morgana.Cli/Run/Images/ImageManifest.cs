using Morgana.Elf;

namespace Morgana.Cli.Run.Images;

/// <summary>Reads which devices an image declares.</summary>
internal static class ImageManifest
{
    /// <summary>The devices of the image <paramref name="path"/>, in its order.</summary>
    /// <exception cref="RunException">The file cannot be read, or is no image.</exception>
    public static IReadOnlyList<ManifestDevice> Devices(string path) =>
        Read(
            path,
            file =>
                ManifestNote.Find(file)?.Devices
                ?? throw NotAnImage($"{path}: there is no manifest in it")
        );

    /// <summary>The processor that the image <paramref name="path"/> is for.</summary>
    /// <exception cref="RunException">The file cannot be read, or is no image.</exception>
    public static ElfMachine Machine(string path) => Read(path, file => file.Machine);

    /// <summary>The name of the target that the image <paramref name="path"/> is linked for; null when it does not tell, or is no image.</summary>
    public static string? Target(string path)
    {
        try
        {
            return Read(path, file => AbiNote.Find(file)?.TargetName);
        }
        catch (RunException)
        {
            // Programs of unix and of targets of one's own are no images in this sense.
            return null;
        }
    }

    private static T Read<T>(string path, Func<ElfFile, T> look)
    {
        try
        {
            using FileElfSource source = new(path);
            return look(ElfFile.Read(source));
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
