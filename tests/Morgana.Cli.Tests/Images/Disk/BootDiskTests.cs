using System.Buffers.Binary;
using System.Text;
using Morgana.Cli.Images.Disk;
using Morgana.Elf;

namespace Morgana.Cli.Tests.Images.Disk;

public class BootDiskTests
{
    private const int Sector = BootDisk.Sector;
    private const ulong Text = 0x100000;
    private const ulong Data = 0x103000;

    [Fact]
    public void The_disk_has_loader_arguments_and_image_where_the_loader_looks()
    {
        byte[] disk = Write(BootDisk.Make(Image(), "--name=Ü", null));
        Assert.Equal(0, disk.Length % (1 << 20));
        Assert.Equal([0x55, 0xaa], disk[510..512]);
        Assert.Equal((byte)'L', disk[0]);
        Assert.Equal("--name=Ü\0", Encoding.UTF8.GetString(disk, 2 * Sector, 10));

        // The loader's parameters.
        Assert.Equal(2048ul, BinaryPrimitives.ReadUInt64LittleEndian(disk.AsSpan(Sector + 8)));
        uint sectors = BinaryPrimitives.ReadUInt32LittleEndian(disk.AsSpan(Sector + 16));
        Assert.Equal((0x3000u + 100 + 511) / 512, sectors);
        Assert.Equal((uint)Text, BinaryPrimitives.ReadUInt32LittleEndian(disk.AsSpan(Sector + 20)));
        Assert.Equal(
            (uint)Data + 5000,
            BinaryPrimitives.ReadUInt32LittleEndian(disk.AsSpan(Sector + 24))
        );
        Assert.Equal(
            (uint)Text + 16,
            BinaryPrimitives.ReadUInt32LittleEndian(disk.AsSpan(Sector + 28))
        );

        // One active partition over the image.
        Assert.Equal(0x80, disk[446]);
        Assert.Equal(2048u, BinaryPrimitives.ReadUInt32LittleEndian(disk.AsSpan(446 + 8)));
        Assert.Equal(sectors, BinaryPrimitives.ReadUInt32LittleEndian(disk.AsSpan(446 + 12)));
        Assert.False(disk.AsSpan(446 + 16, 48).ContainsAnyExcept((byte)0));

        // The image as it lies in memory.
        int image = (int)BootDisk.ImageOffset;
        Assert.False(disk.AsSpan(image, 200).ContainsAnyExcept((byte)1));
        Assert.False(disk.AsSpan(image + 200, 0x3000 - 200).ContainsAnyExcept((byte)0));
        Assert.False(disk.AsSpan(image + 0x3000, 100).ContainsAnyExcept((byte)2));
        Assert.False(disk.AsSpan(image + 0x3064).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void The_same_image_gives_the_same_disk_and_another_one_another_signature()
    {
        byte[] one = Write(BootDisk.Make(Image(), "a", null));
        Assert.Equal(one, Write(BootDisk.Make(Image(), "a", null)));
        byte[] other = Write(BootDisk.Make(Image(filling: 3), "a", null));
        Assert.NotEqual(one[440..444], other[440..444]);
    }

    [Fact]
    public void A_size_that_is_asked_for_is_what_it_has()
    {
        Assert.Equal(64 << 20, Write(BootDisk.Make(Image(), "", 64 << 20)).Length);
        Assert.Contains(
            "at least",
            Refused(() => BootDisk.Make(Image(), "", 4096)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "sectors",
            Refused(() => BootDisk.Make(Image(), "", (8 << 20) + 1)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        _ = BootDisk.Make(Image(), new string('x', 4095), null);
        Assert.Contains(
            "4096 bytes",
            Refused(() => BootDisk.Make(Image(), new string('x', 4096), null)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "one line",
            Refused(() => BootDisk.Make(Image(), "a\nb", null)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_image_for_another_target_is_refused_by_its_name() =>
        Assert.Contains(
            "is an image for spt",
            Refused(() => BootDisk.Make(Image(target: AbiTarget.Spt, loader: null), "", null)),
            StringComparison.Ordinal
        );

    [Fact]
    public void An_image_without_a_loader_is_refused() =>
        Assert.Contains(
            "no boot loader",
            Refused(() => BootDisk.Make(Image(loader: null), "", null)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1000, 1u, 8u)]
    [InlineData(512, 1u, 8u)]
    [InlineData(1024, 2u, 8u)]
    [InlineData(1024, 1u, 0u)]
    [InlineData(1024, 1u, 1000000u)]
    public void A_loader_of_another_version_is_refused(int size, uint version, uint sectors) =>
        Assert.Contains(
            "another version",
            Refused(() => BootDisk.Make(Image(loader: Loader(size, version, sectors)), "", null)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0x1000ul, 100)]
    [InlineData(1ul << 40, 100)]
    public void Segments_where_no_loader_can_put_them_are_refused(ulong address, int size) =>
        Assert.Throws<ElfException>(() =>
            BootDisk.Make(
                Read(
                    Notes(Loader(), AbiTarget.Virtio)
                        .Load(ElfSegmentFlags.Read, address, new byte[size])
                ),
                "",
                null
            )
        );

    [Fact]
    public void An_entry_outside_of_the_image_is_refused() =>
        Assert.Throws<ElfException>(() =>
            BootDisk.Make(
                Read(
                    Notes(Loader(), AbiTarget.Virtio)
                        .Load(ElfSegmentFlags.Read, Data, new byte[100])
                ),
                "",
                null
            )
        );

    private static string Refused(Func<BootDisk> make) =>
        Assert.Throws<CommandException>(() => (object)make()).Message;

    private static byte[] Write(BootDisk disk)
    {
        using MemoryStream stream = new();
        disk.WriteAsync(stream, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(disk.Size, stream.Length);
        return stream.ToArray();
    }

    private static byte[] Loader(int size = 1024, uint version = 1, uint sectors = 8)
    {
        byte[] loader = new byte[Math.Max(size, 2 * Sector)];
        loader[0] = (byte)'L';
        loader[510] = 0x55;
        loader[511] = 0xaa;
        BinaryPrimitives.WriteUInt32LittleEndian(loader.AsSpan(Sector), version);
        BinaryPrimitives.WriteUInt32LittleEndian(loader.AsSpan(Sector + 4), sectors);
        return loader[..size];
    }

    private static ElfFile Image(byte filling = 2, AbiTarget target = AbiTarget.Virtio) =>
        Image(Loader(), filling, target);

    private static ElfFile Image(
        byte[]? loader,
        byte filling = 2,
        AbiTarget target = AbiTarget.Virtio
    )
    {
        byte[] text = new byte[200];
        byte[] data = new byte[100];
        text.AsSpan().Fill(1);
        data.AsSpan().Fill(filling);
        return Read(
            Notes(loader, target)
                .Load(ElfSegmentFlags.Read | ElfSegmentFlags.Execute, Text, text)
                .Load(ElfSegmentFlags.Read | ElfSegmentFlags.Write, Data, data, memorySize: 5000)
        );
    }

    private static ElfImageWriter Notes(byte[]? loader, AbiTarget target)
    {
        ElfImageWriter writer = new ElfImageWriter(ElfMachine.X64, Text)
            .Note("Solo5", AbiNote.NoteType, new AbiNote(target, 1).ToDescriptor())
            .Note("Xen", 18, BitConverter.GetBytes((uint)Text + 16));
        return loader is null ? writer : writer.Note("Morgana", BootDisk.NoteType, loader);
    }

    private static ElfFile Read(ElfImageWriter writer) =>
        ElfFile.Read(new MemoryElfSource("image", writer.Write()));
}
