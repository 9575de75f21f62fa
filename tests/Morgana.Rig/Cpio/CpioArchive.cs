using System.Globalization;
using System.Text;

namespace Morgana.Rig.Cpio;

/// <summary>
/// Writes an archive in the format "newc" of cpio, which is what Linux unpacks as its first file system: a header of 110
/// characters for each entry (a magic number and 13 fields of eight hexadecimal digits), its name with a zero at the end, its
/// bytes, each padded to four. Format: Documentation/driver-api/early-userspace/buffer-format.rst of Linux.
/// </summary>
internal sealed class CpioArchive(Stream output)
{
    private const string Magic = "070701";
    private const string Trailer = "TRAILER!!!";
    private const uint FolderType = 0x4000;
    private const uint CharacterDeviceType = 0x2000;
    private const uint FileType = 0x8000;

    private uint number;
    private long written;

    /// <summary>Adds a folder; the folders above it must have been added before.</summary>
    public void AddFolder(string name) => Add(name, FolderType | 0x1ED, [], 0, 0);

    /// <summary>Adds a file with mode 0755.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> content) =>
        Add(name, FileType | 0x1ED, content, 0, 0);

    /// <summary>Adds a character device with mode 0600.</summary>
    public void AddCharacterDevice(string name, uint major, uint minor) =>
        Add(name, CharacterDeviceType | 0x180, [], major, minor);

    /// <summary>Writes the entry that ends the archive.</summary>
    public void Finish()
    {
        number = 0;
        Add(Trailer, 0, [], 0, 0);
    }

    private void Add(string name, uint mode, ReadOnlySpan<byte> content, uint major, uint minor)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        uint[] fields =
        [
            mode == 0 ? 0 : ++number,
            mode,
            0, // user
            0, // group
            1, // links
            0, // time of the last change
            checked((uint)content.Length),
            0, // device that it lies on
            0,
            major,
            minor,
            (uint)nameBytes.Length + 1,
            0, // check sum, which this format does not have
        ];
        StringBuilder header = new(Magic, 110);
        foreach (uint field in fields)
        {
            header.Append(field.ToString("x8", CultureInfo.InvariantCulture));
        }

        Write(Encoding.ASCII.GetBytes(header.ToString()));
        Write(nameBytes);
        Write([0]);
        Pad();
        Write(content);
        Pad();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        written += bytes.Length;
    }

    private void Pad() => Write(new byte[(int)(-written & 3)]);
}
