using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Morgana.Elf;

namespace Morgana.Cli.Images.Disk;

/// <summary>
/// A disk with one partition and the boot loader that the image itself carries in a note (native/bindings/virtio/disk_x86_64.S):
/// sector 0 and what follows it are the loader's, then its command line, and from the first megabyte on lies the image as it lies in
/// memory. The same image, command line and size give the same bytes.
/// </summary>
internal sealed class BootDisk
{
    /// <summary>Bytes of a sector; BIOSes know no other.</summary>
    public const int Sector = 512;

    /// <summary>Where the image begins, as partitions do since they are aligned.</summary>
    public const long ImageOffset = 1 << 20;

    /// <summary>The type of the loader's note: "disk" as a little-endian number.</summary>
    public const uint NoteType = 0x6b736964;

    private const int Signature = 440;
    private const int Partitions = 446;
    private const int Parameters = Sector;
    private const uint ParametersVersion = 1;
    private const byte PartitionType = 0xda; // data that is no file system's
    private const byte Active = 0x80;

    private readonly byte[] _start;
    private readonly LoadedImage _image;

    private BootDisk(byte[] start, LoadedImage image, long size)
    {
        _start = start;
        _image = image;
        Size = size;
    }

    /// <summary>Bytes of the disk, whole sectors.</summary>
    public long Size { get; }

    /// <summary>Puts a disk together.</summary>
    /// <param name="file">A virtio image.</param>
    /// <param name="commandLine">The image's arguments.</param>
    /// <param name="size">Bytes of the disk; null for as many megabytes as it takes.</param>
    /// <exception cref="ElfException">The image is malformed.</exception>
    /// <exception cref="CommandException">It is for another target, or something does not fit.</exception>
    public static BootDisk Make(ElfFile file, string commandLine, long? size)
    {
        byte[] loader = Loader(file);
        LoadedImage image = LoadedImage.Read(file);
        int commandSpace =
            (int)BinaryPrimitives.ReadUInt32LittleEndian(loader.AsSpan(Parameters + 4)) * Sector;
        byte[] arguments = Encoding.UTF8.GetBytes(commandLine);
        if (arguments.Length >= commandSpace)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"The command line has {arguments.Length} bytes; the boot loader has room for {commandSpace - 1}."
            );
        }

        if (arguments.AsSpan().ContainsAnyInRange((byte)0, (byte)31))
        {
            throw new CommandException(
                ExitCode.Usage,
                "The command line has a control character: it must be one line of text."
            );
        }

        long sectors = (image.Bytes.Length + Sector - 1) / Sector;
        long least = ImageOffset + sectors * Sector;
        long whole = size ?? (least + (1 << 20) - 1) >> 20 << 20;
        if (whole < least || whole % Sector != 0)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"--size {whole}: a disk for this image has at least {least} bytes, in sectors of {Sector}."
            );
        }

        byte[] start = new byte[loader.Length + commandSpace];
        loader.CopyTo(start, 0);
        arguments.CopyTo(start, loader.Length);
        WriteParameters(start.AsSpan(Parameters), image, sectors);
        WritePartition(start.AsSpan(Partitions), sectors);
        // A signature that tells disks apart, yet the same for the same disk.
        SHA256.HashData(image.Bytes).AsSpan(0, 4).CopyTo(start.AsSpan(Signature));
        return new BootDisk(start, image, whole);
    }

    /// <summary>Writes the whole disk.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        await WriteContentAsync(stream, cancellation).ConfigureAwait(false);
        stream.SetLength(Size);
    }

    /// <summary>Writes the disk up to the image's end; all behind is zero.</summary>
    public async Task WriteContentAsync(Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(_start, cancellation).ConfigureAwait(false);
        stream.SetLength(ImageOffset);
        stream.Position = ImageOffset;
        await stream.WriteAsync(_image.Bytes, cancellation).ConfigureAwait(false);
    }

    private static byte[] Loader(ElfFile file)
    {
        byte[]? loader =
            AbiNote.Find(file) is { } abi && abi.Target != AbiTarget.Virtio
                ? throw new CommandException(
                    ExitCode.Usage,
                    $"{file.Source.Name} is an image for {abi.TargetName}, and only one for virtio boots from a disk: morgana configure -t virtio, morgana build."
                )
                : file.FindNote("Morgana"u8, NoteType);
        if (loader is null)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"{file.Source.Name} has no boot loader for disks in it: it is no virtio image that Morgana has built. Build one: morgana configure -t virtio, morgana build."
            );
        }

        return
            loader.Length >= 2 * Sector
            && loader.Length % Sector == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(loader.AsSpan(Parameters))
                == ParametersVersion
            && BinaryPrimitives.ReadUInt32LittleEndian(loader.AsSpan(Parameters + 4))
                is > 0
                    and < 64
            ? loader
            : throw new CommandException(
                ExitCode.Failed,
                $"{file.Source.Name} was built by another version of Morgana: build it again with this one."
            );
    }

    // As the loader declares them.
    private static void WriteParameters(Span<byte> at, LoadedImage image, long sectors)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(at[8..], (ulong)(ImageOffset / Sector));
        BinaryPrimitives.WriteUInt32LittleEndian(at[16..], (uint)sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(at[20..], image.Address);
        BinaryPrimitives.WriteUInt32LittleEndian(at[24..], image.MemoryEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(at[28..], image.Entry);
    }

    private static void WritePartition(Span<byte> at, long sectors)
    {
        at[0] = Active;
        // Cylinders, heads and sectors: what says "use the block numbers".
        at[1] = 0xfe;
        at[2] = at[3] = 0xff;
        at[4] = PartitionType;
        at[5] = 0xfe;
        at[6] = at[7] = 0xff;
        BinaryPrimitives.WriteUInt32LittleEndian(at[8..], (uint)(ImageOffset / Sector));
        BinaryPrimitives.WriteUInt32LittleEndian(at[12..], (uint)sectors);
    }
}
