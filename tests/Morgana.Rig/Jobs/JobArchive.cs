using System.Formats.Tar;
using System.Text;

namespace Morgana.Rig.Jobs;

/// <summary>A job as the agent takes it: a tar archive of its files and of its command, called <c>.command</c>.</summary>
internal static class JobArchive
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>The archive's bytes.</summary>
    public static byte[] Create(IEnumerable<RigFile> files, string command)
    {
        MemoryStream archive = new();
        using (TarWriter writer = new(archive, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (
                RigFile file in files.Append(
                    new RigFile(".command", Encoding.UTF8.GetBytes(command + "\n"))
                )
            )
            {
                using MemoryStream content = new(file.Content.ToArray());
                writer.WriteEntry(
                    new GnuTarEntry(TarEntryType.RegularFile, file.Name)
                    {
                        DataStream = content,
                        Mode = Mode,
                    }
                );
            }
        }

        return archive.ToArray();
    }
}
