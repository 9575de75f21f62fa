using System.CommandLine;
using Morgana.Cli.Output;
using Morgana.Elf;

namespace Morgana.Cli.Images.Disk;

/// <summary><c>morgana image --disk IMAGE -o FILE</c>: a disk that a BIOS boots a virtio image from.</summary>
internal sealed class DiskForm(ImageOptions options) : ImageForm
{
    private const string Raw = "raw";
    private const string Qcow2 = "qcow2";

    private readonly Option<string?> _image = new("--disk")
    {
        Description = "make a disk that boots this virtio image on a machine with a BIOS",
        HelpName = "IMAGE",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "what the disk is written as: raw or qcow2",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => Raw,
    };

    private readonly Option<string> _commandLine = new("--command-line")
    {
        Description =
            "the image's arguments, in one line; quotes as in a shell: --command-line '--ipv4=10.0.0.2/24'",
        HelpName = "TEXT",
        DefaultValueFactory = static _ => "",
    };

    public override Option Choice => _image;

    public override IReadOnlyList<Option> Details =>
        [options.Output, options.Force, options.Size, _format, _commandLine];

    public override async Task<int> RunAsync(
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    )
    {
        string format = parsed.GetValue(_format)!;
        if (format is not (Raw or Qcow2))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"--format {format}: write {Raw} or {Qcow2}."
            );
        }

        string image = request.ExistingFile(parsed.GetValue(_image)!);
        string path = request.NewFile(parsed);
        BootDisk disk = await ReadAsync(image, parsed, request, cancellation).ConfigureAwait(false);
        await PlacedFile
            .WriteAsync(
                path,
                stream =>
                    format == Raw
                        ? disk.WriteAsync(stream, cancellation)
                        : WriteQcow2Async(stream, disk, cancellation)
            )
            .ConfigureAwait(false);
        await request
            .Terminal.Out.WriteAsync(
                $"{request.Named(path)}  {format}, a disk of {disk.Size} bytes\n"
            )
            .ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<BootDisk> ReadAsync(
        string image,
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    )
    {
        byte[] bytes = await File.ReadAllBytesAsync(image, cancellation).ConfigureAwait(false);
        try
        {
            return BootDisk.Make(
                ElfFile.Read(new MemoryElfSource(request.Named(image), bytes)),
                parsed.GetValue(_commandLine)!,
                parsed.GetValue(options.Size)
            );
        }
        catch (ElfException exception)
        {
            throw new CommandException(ExitCode.Failed, exception.Message);
        }
    }

    private static async Task WriteQcow2Async(
        Stream stream,
        BootDisk disk,
        CancellationToken cancellation
    )
    {
        using MemoryStream raw = new();
        await disk.WriteContentAsync(raw, cancellation).ConfigureAwait(false);
        await Qcow2Writer
            .WriteAsync(
                stream,
                raw.GetBuffer().AsMemory(0, (int)raw.Length),
                disk.Size,
                cancellation
            )
            .ConfigureAwait(false);
    }
}
