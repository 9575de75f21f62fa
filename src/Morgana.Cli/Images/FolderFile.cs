using System.Text;

namespace Morgana.Cli.Images;

/// <summary>A file of a folder that becomes an image.</summary>
/// <param name="Key">Its path from the folder on, with '/' between the parts.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record FolderFile(string Key, string Path, long Size)
{
    /// <summary>All files of a folder, hidden ones too, in the order of their keys' UTF-8. Links to files are the files; a link to a folder is refused, as it may lead anywhere.</summary>
    /// <exception cref="CommandException">There is such a link, or a name that is no text.</exception>
    public static IReadOnlyList<FolderFile> All(string folder)
    {
        List<FolderFile> files = [];
        Add(new DirectoryInfo(folder), "", files);
        files.Sort(
            (one, other) =>
                Encoding
                    .UTF8.GetBytes(one.Key)
                    .AsSpan()
                    .SequenceCompareTo(Encoding.UTF8.GetBytes(other.Key))
        );
        return files;
    }

    private static void Add(DirectoryInfo folder, string prefix, List<FolderFile> files)
    {
        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
        {
            string key = prefix + item.Name;
            if (item.Name.Contains('�', StringComparison.Ordinal))
            {
                throw new CommandException(
                    ExitCode.Failed,
                    $"{item.FullName}: the name is not UTF-8: rename it."
                );
            }

            FileSystemInfo target = item;
            if (item.LinkTarget is not null)
            {
                target = item.ResolveLinkTarget(returnFinalTarget: true)
                    is { Exists: true } found
                        and FileInfo
                    ? found
                    : throw new CommandException(
                        ExitCode.Failed,
                        $"{item.FullName} is a link to a folder or to nothing: only links to files can be followed."
                    );
            }

            if (target is DirectoryInfo inner)
            {
                Add(inner, key + "/", files);
            }
            else
            {
                files.Add(new FolderFile(key, target.FullName, ((FileInfo)target).Length));
            }
        }
    }
}
