using System.Formats.Tar;
using System.Text;
using CsCheck;
using Morgana.Runtime;

namespace Morgana.Storage.Tests;

public class TarStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_dotnet_writes_in_any_format_is_read_with_blocks_of_any_size() =>
        Gen.Select(
                Gen.Select(
                    Gen.String[Gen.Char["abcdé/ .-"], 1, 200],
                    Gen.OneOf(Gen.Int[0, 2000], Gen.Int[0, 100_000])
                ).Array[0, 8],
                Gen.Int[0, 3],
                Gen.Int[0, 6]
            )
            .Sample(
                (files, format, shift) =>
                {
                    SortedDictionary<string, byte[]> model = new(StringComparer.Ordinal);
                    using MemoryStream stream = new();
                    using (TarWriter writer = new(stream, TarEntryFormat.Pax, leaveOpen: true))
                    {
                        foreach ((string text, int size) in files)
                        {
                            string name = string.Join(
                                '/',
                                text.Split('/').Select(part => "n" + part.Trim())
                            );
                            if (format < 2 && Encoding.UTF8.GetByteCount(name) > 90)
                            {
                                name = $"short{name.Length}";
                            }

                            byte[] value = StoreModel.Value(size, size);
                            model[name] = value;
                            TarEntry entry = format switch
                            {
                                0 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                                1 => new UstarTarEntry(TarEntryType.RegularFile, name),
                                2 => new PaxTarEntry(TarEntryType.RegularFile, name),
                                _ => new GnuTarEntry(TarEntryType.RegularFile, name),
                            };
                            entry.DataStream = new MemoryStream(value);
                            writer.WriteEntry(entry);
                        }
                    }

                    byte[] disk = new byte[(stream.Length / 32768 + 1) * 32768];
                    stream.ToArray().CopyTo(disk, 0);
                    TarStore store = Mount(disk, 512 << shift);
                    SortedDictionary<string, byte[]> found = StoreModel
                        .ReadAllAsync(store)
                        .GetAwaiter()
                        .GetResult();
                    // A file and a folder of one name are possible in an archive.
                    StoreModel.AssertSame(model, found);
                    Assert.Equal(model.Count, store.Count);
                },
                iter: 150,
                threads: 1
            );

    [Fact]
    public async Task Times_folders_links_and_streams()
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "./site/"));
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.SymbolicLink, "site/link") { LinkName = "/etc/passwd" }
            );
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "./site/a")
                {
                    DataStream = new MemoryStream("first"u8.ToArray()),
                    ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
                }
            );
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "/site/a")
                {
                    DataStream = new MemoryStream("second"u8.ToArray()),
                    ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_001),
                }
            );
        }

        TarStore store = Mount(stream.ToArray());
        // Of two with one name the last counts; an absolute name begins at the root of the archive.
        Assert.Equal(
            new StoreItem(
                "a",
                StoreItemKind.Value,
                6,
                DateTimeOffset.FromUnixTimeSeconds(1_700_000_001)
            ),
            await store.FindAsync("site/a", Token)
        );
        Assert.Equal(1, store.Count);
        await using Stream value = await store.OpenReadAsync("site/a", Token);
        Assert.Equal("second", await new StreamReader(value).ReadToEndAsync(Token));
        _ = await Assert.ThrowsAsync<StoreKeyNotFoundException>(async () =>
            await store.ReadAsync("site/link", Token)
        );
    }

    [Theory]
    [InlineData("../x", "leads out")]
    [InlineData("a/../../x", "leads out")]
    [InlineData("a/..", "leads out")]
    [InlineData("./", "")]
    public void A_name_that_leads_out_is_refused(string name, string message)
    {
        byte[] disk = One(name, "12"u8);
        if (message.Length == 0)
        {
            Assert.Equal(0, Mount(disk).Count);
            return;
        }

        Assert.Contains(
            message,
            Assert.Throws<StoreCorruptException>(() => Mount(disk)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("77777777777", "past the end")]
    [InlineData("00000003001", "past the end")]
    [InlineData("0000000000x", "no number")]
    [InlineData("binary max", "past the end")]
    [InlineData("binary more", "no number")]
    [InlineData("binary negative", "no number")]
    public void A_size_that_lies_is_refused(string size, string message)
    {
        byte[] disk = One("a", "12"u8);
        Span<byte> field = disk.AsSpan(124, 12);
        field.Clear();
        switch (size)
        {
            case "binary max":
                field[0] = 0x80;
                field[4] = 0x7f;
                field[5..].Fill(0xff);
                break;
            case "binary more":
                field[0] = 0x80;
                field[1..].Fill(0xff);
                break;
            case "binary negative":
                field.Fill(0xff);
                break;
            default:
                Encoding.ASCII.GetBytes(size, field);
                break;
        }

        Sum(disk);
        Assert.Contains(
            message,
            Assert.Throws<StoreCorruptException>(() => Mount(disk)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_wrong_checksum_and_too_many_files_are_refused()
    {
        byte[] disk = One("a", "12"u8);
        disk[0]++;
        Assert.Contains(
            "checksum",
            Assert.Throws<StoreCorruptException>(() => Mount(disk)).Message,
            StringComparison.Ordinal
        );
        byte[] two = [.. One("a", "1"u8)[..1024], .. One("b", "2"u8)];
        Assert.Equal(2, Mount(two).Count);
        _ = Assert.Throws<StoreCorruptException>(() =>
            Mount(two, options: new() { MostFiles = 1 })
        );
        _ = Assert.Throws<StoreCorruptException>(() =>
            Mount(two, options: new() { MostNameBytes = 3 })
        );
    }

    [Fact]
    public void Whatever_is_on_the_disk_is_opened_or_refused()
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (int i = 0; i < 4; i++)
            {
                writer.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, $"{new string('p', 60 * i)}/{i}")
                    {
                        DataStream = new MemoryStream(new byte[300 * i]),
                    }
                );
                writer.WriteEntry(
                    new GnuTarEntry(TarEntryType.RegularFile, $"{new string('g', 60 * i)}/{i}")
                    {
                        DataStream = new MemoryStream(new byte[300 * i]),
                    }
                );
            }
        }

        byte[] good = stream.ToArray();
        int opened = 0;
        int refused = 0;
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Bool)
            .Array[1, 6]
            .Sample(
                changes =>
                {
                    byte[] bad = [.. good];
                    foreach ((int at, byte value, bool sums) in changes)
                    {
                        bad[at] = value;
                        if (sums)
                        {
                            Sum(bad.AsSpan(at / 512 * 512, 512));
                        }
                    }

                    try
                    {
                        TarStore store = Mount(bad);
                        _ = StoreModel.ReadAllAsync(store).GetAwaiter().GetResult();
                        opened++;
                    }
                    catch (StoreCorruptException)
                    {
                        refused++;
                    }
                },
                iter: 1500,
                threads: 1
            );
        Assert.True(opened > 50 && refused > 50, $"{opened} {refused}");
    }

    private static TarStore Mount(
        byte[] disk,
        int blockSize = 512,
        TarStoreOptions? options = null
    ) =>
        TarStore
            .MountAsync(new MemoryBlockDevice(disk, blockSize), options)
            .AsTask()
            .GetAwaiter()
            .GetResult();

    private static byte[] One(string name, ReadOnlySpan<byte> content)
    {
        byte[] disk = new byte[2048];
        Encoding.UTF8.GetBytes(name, disk);
        Encoding.ASCII.GetBytes($"{content.Length:00000000000}", disk.AsSpan(124));
        Encoding.ASCII.GetBytes("ustar\000", disk.AsSpan(257));
        disk[156] = (byte)'0';
        content.CopyTo(disk.AsSpan(512));
        Sum(disk);
        return disk;
    }

    private static void Sum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in header[..512])
        {
            sum += b;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header[148..]);
    }
}
