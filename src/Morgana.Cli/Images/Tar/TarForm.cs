using System.CommandLine;
using System.Formats.Tar;
using System.Text;
using Morgana.Cli.Output;

namespace Morgana.Cli.Images.Tar;

/// <summary><c>morgana image --tar FOLDER -o FILE</c>: the disk of a read-only store.</summary>
internal sealed class TarForm(ImageOptions options) : ImageForm
{
    /// <summary>The disk fits sectors of 512 to this many bytes.</summary>
    private const int Padding = 32768;

    /// <summary>A name that fits the header itself.</summary>
    private const int ShortName = 100;

    private readonly Option<string?> _folder = new("--tar")
    {
        Description = "make the disk of a read-only store: a tar archive of this folder",
        HelpName = "FOLDER",
    };

    public override Option Choice => _folder;

    public override IReadOnlyList<Option> Details => [options.Output, options.Force];

    public override async Task<int> RunAsync(
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    )
    {
        string folder = request.ExistingFolder(parsed.GetValue(_folder)!);
        string path = request.NewFile(parsed);
        IReadOnlyList<FolderFile> files = FolderFile.All(folder);
        DateTimeOffset time = ImageRequest.Time;
        await PlacedFile
            .WriteAsync(path, stream => WriteAsync(stream, files, time, cancellation))
            .ConfigureAwait(false);
        await request
            .Terminal.Out.WriteAsync(
                $"{request.Named(path)}  {files.Count} files, {new FileInfo(path).Length} bytes\n"
            )
            .ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task WriteAsync(
        Stream stream,
        IReadOnlyList<FolderFile> files,
        DateTimeOffset time,
        CancellationToken cancellation
    )
    {
        TarWriter writer = new(stream, TarEntryFormat.Ustar, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            foreach (FolderFile file in files)
            {
                // GNU's long names and not pax: the header of a pax name would carry the number of this process.
                TarEntry entry =
                    Encoding.UTF8.GetByteCount(file.Key) <= ShortName
                    && Ascii.IsValid(file.Key)
                    && file.Size < 1L << 33
                        ? new UstarTarEntry(TarEntryType.RegularFile, file.Key)
                        : new GnuTarEntry(TarEntryType.RegularFile, file.Key);
                entry.ModificationTime = time;
                entry.Mode = (UnixFileMode)0b110_100_100;
                FileStream content = File.OpenRead(file.Path);
                await using (content.ConfigureAwait(false))
                {
                    entry.DataStream = content;
                    await writer.WriteEntryAsync(entry, cancellation).ConfigureAwait(false);
                }
            }
        }

        long rest = stream.Length % Padding;
        stream.SetLength(stream.Length + (rest == 0 ? 0 : Padding - rest));
    }
}
