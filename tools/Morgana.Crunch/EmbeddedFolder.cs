using System.IO.Enumeration;
using System.Text;

namespace Morgana.Crunch;

/// <summary>A folder as it is to be embedded.</summary>
internal sealed class EmbeddedFolder
{
    /// <summary>Places in the contents are 32-bit numbers.</summary>
    private const long Largest = int.MaxValue - 8;

    private EmbeddedFolder(IReadOnlyList<EmbeddedFile> files)
    {
        Files = files;
        Size = files.Sum(file => (long)file.Content.Length);
    }

    /// <summary>The files, in the order of their keys' bytes.</summary>
    public IReadOnlyList<EmbeddedFile> Files { get; }

    /// <summary>Bytes of all contents.</summary>
    public long Size { get; }

    /// <summary>Reads a folder: hidden files too; a link to a file as that file; a link to a folder not, it could lead in a circle.</summary>
    /// <exception cref="InvalidDataException">A name is not Unicode, or there is too much.</exception>
    public static EmbeddedFolder Read(string folder)
    {
        string root = Path.GetFullPath(folder);
        FileSystemEnumerable<string> paths = new(
            root,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        return From(
            paths.Select(path =>
                (Path.GetRelativePath(root, path).Replace('\\', OtherSlash), ReadFile(path))
            )
        );
    }

    /// <summary>On Windows the slash between folders; elsewhere a letter like others.</summary>
    private static char OtherSlash => OperatingSystem.IsWindows() ? '/' : '\\';

    /// <summary>A folder of these files.</summary>
    public static EmbeddedFolder From(IEnumerable<(string Path, byte[] Content)> files)
    {
        List<EmbeddedFile> list = [];
        long size = 0;
        foreach ((string path, byte[] content) in files)
        {
            byte[] key;
            try
            {
                key = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(path);
            }
            catch (EncoderFallbackException)
            {
                throw new InvalidDataException(
                    $"the name {path} is not Unicode: keys are; give the file another name."
                );
            }

            size += content.Length;
            if (size > Largest)
            {
                throw new InvalidDataException(
                    "the folder has more than 2 GB: an image cannot carry that; serve it from a block device."
                );
            }

            list.Add(new EmbeddedFile(key, content));
        }

        list.Sort((one, other) => one.Key.AsSpan().SequenceCompareTo(other.Key));
        return new EmbeddedFolder(list);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException) when (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"the name {path} is not Unicode: keys are; give the file another name."
            );
        }
    }
}
