using System.Globalization;
using System.Text;
using CsCheck;
using Morgana.Rig.Cpio;

namespace Morgana.Rig.Tests;

public sealed class CpioArchiveTests
{
    [Fact]
    public void An_archive_is_laid_out_as_the_kernels_documents_say()
    {
        MemoryStream output = new();
        CpioArchive archive = new(output);
        archive.AddFile("init", "#!\n!"u8);
        archive.Finish();
        Assert.Equal(
            "070701"
                + "00000001"
                + "000081ed"
                + "00000000"
                + "00000000"
                + "00000001"
                + "00000000"
                + "00000004"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000005"
                + "00000000"
                + "init\0\0"
                + "#!\n!"
                + "070701"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000001"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "0000000b"
                + "00000000"
                + "TRAILER!!!\0\0\0\0",
            Encoding.ASCII.GetString(output.ToArray())
        );
    }

    [Fact]
    public void A_folder_and_a_device_have_their_kind_in_their_mode()
    {
        MemoryStream output = new();
        CpioArchive archive = new(output);
        archive.AddFolder("dev");
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.Finish();
        List<(string Name, uint Mode, byte[] Content)> entries = Read(output.ToArray());
        Assert.Equal(
            [("dev", 0x41EDu), ("dev/console", 0x2180u)],
            entries.Select(one => (one.Name, one.Mode))
        );
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<(string, byte[])[]> files = Gen.Select(
            Gen.String[Gen.Char.AlphaNumeric, 1, 20],
            Gen.Byte.Array[0, 70]
        ).Array[0, 8];
        files.Sample(written =>
        {
            MemoryStream output = new();
            CpioArchive archive = new(output);
            foreach ((string name, byte[] content) in written)
            {
                archive.AddFile(name, content);
            }

            archive.Finish();
            List<(string Name, uint Mode, byte[] Content)> entries = Read(output.ToArray());
            Assert.Equal(written.Select(one => one.Item1), entries.Select(one => one.Name));
            Assert.All(
                entries.Zip(written),
                pair => Assert.Equal(pair.Second.Item2, pair.First.Content)
            );
        });
    }

    // Reads as the kernel does: by the fields, with everything aligned to four bytes.
    private static List<(string Name, uint Mode, byte[] Content)> Read(byte[] archive)
    {
        List<(string, uint, byte[])> entries = [];
        int at = 0;
        while (true)
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(archive, at, 6));
            uint Field(int index) =>
                uint.Parse(
                    Encoding.ASCII.GetString(archive, at + 6 + (8 * index), 8),
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture
                );
            (uint mode, int size, int nameSize) = (Field(1), (int)Field(6), (int)Field(11));
            string name = Encoding.UTF8.GetString(archive, at + 110, nameSize - 1);
            int content = (at + 110 + nameSize + 3) & ~3;
            at = (content + size + 3) & ~3;
            if (name == "TRAILER!!!")
            {
                Assert.Equal(archive.Length, at);
                return entries;
            }

            entries.Add((name, mode, archive[content..(content + size)]));
        }
    }
}
