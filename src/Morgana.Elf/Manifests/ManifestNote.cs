using System.Buffers.Binary;
using System.Text;

namespace Morgana.Elf;

/// <summary>
/// The manifest as an ELF note (MFT1 of Solo5's <c>mft_abi.h</c>): owner "Solo5", then four bytes that align the manifest to 8,
/// then <c>u32 version, u32 entries</c> and entries of 104 bytes. Entry 0 is reserved and has no name.
/// </summary>
public static class ManifestNote
{
    /// <summary>The note's type, "MFT1" as a little-endian number.</summary>
    public const uint NoteType = 0x3154464d;

    /// <summary>Size of an entry (<c>struct mft_entry</c>), in bytes.</summary>
    public const int EntrySize = 104;

    /// <summary>Where the entries begin in the manifest (<c>struct mft</c>).</summary>
    public const int EntriesOffset = 8;

    /// <summary>Where the device's properties begin in an entry: capacity and block size, or hardware address and MTU.</summary>
    public const int PropertiesOffset = 72;

    /// <summary>Where the host's descriptor stands in an entry.</summary>
    public const int DescriptorOffset = 88;

    /// <summary>Where the "attached" byte stands in an entry.</summary>
    public const int AttachedOffset = 96;

    /// <summary>Name of the section that linker scripts place.</summary>
    public const string SectionName = ".note.solo5.manifest";

    private const int NameSize = ManifestDevice.LongestName + 1;
    private const int TypeOffset = NameSize;
    private const uint ReservedFirst = 1u << 30;

    // Between the end of the note's name (offset 20) and the manifest, which the guest reads in place (offset 24).
    private const int Padding = 4;

    /// <summary>The note's descriptor for a manifest: padding, then the manifest.</summary>
    /// <param name="manifest">The manifest; it is taken to be valid.</param>
    public static byte[] Encode(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        int entries = manifest.Devices.Count + 1;
        byte[] descriptor = new byte[Padding + EntriesOffset + entries * EntrySize];
        Span<byte> bytes = descriptor.AsSpan(Padding);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Manifest.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)entries);
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[(EntriesOffset + TypeOffset)..],
            ReservedFirst
        );
        for (int i = 1; i < entries; i++)
        {
            Span<byte> entry = bytes.Slice(EntriesOffset + i * EntrySize, EntrySize);
            ManifestDevice device = manifest.Devices[i - 1];
            _ = Encoding.ASCII.GetBytes(device.Name, entry);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[TypeOffset..], (uint)device.Type);
        }

        return descriptor;
    }

    /// <summary>Finds and reads the manifest of an image.</summary>
    /// <param name="file">The image.</param>
    /// <returns>The manifest, or null when the image has none.</returns>
    /// <exception cref="ElfException">The note is malformed.</exception>
    public static Manifest? Find(ElfFile file) => Find(file, out _);

    /// <summary>Finds and reads the manifest of an image, and gives its bytes.</summary>
    /// <param name="file">The image.</param>
    /// <param name="bytes">The manifest (<c>struct mft</c>) as it stands in the image, without the note's padding; empty when there is none.</param>
    /// <returns>The manifest, or null when the image has none.</returns>
    /// <exception cref="ElfException">The note is malformed.</exception>
    public static Manifest? Find(ElfFile file, out byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        bytes = [];
        if (file.FindNote(AbiNote.Owner, NoteType) is not byte[] descriptor)
        {
            return null;
        }

        Manifest manifest = Decode(descriptor, file.Source.Name);
        bytes = descriptor[Padding..];
        return manifest;
    }

    /// <summary>Reads and checks a descriptor: every field that comes from the image is distrusted.</summary>
    /// <param name="descriptor">The note's descriptor with its padding.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="ElfException">It is not a manifest of version 1, or breaks one of its rules.</exception>
    public static Manifest Decode(ReadOnlySpan<byte> descriptor, string name)
    {
        if (descriptor.Length < Padding + EntriesOffset)
        {
            throw Invalid(name, $"it has {descriptor.Length} bytes, too few for its header");
        }

        ReadOnlySpan<byte> bytes = descriptor[Padding..];
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (version != Manifest.Version)
        {
            throw Invalid(
                name,
                $"its version is {version}, and only {Manifest.Version} is supported"
            );
        }

        uint entries = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (entries is < 1 or > Manifest.MostDevices + 1)
        {
            throw Invalid(name, $"it has {entries} entries, not 1 to {Manifest.MostDevices + 1}");
        }

        if (bytes.Length != EntriesOffset + (int)entries * EntrySize)
        {
            throw Invalid(
                name,
                $"it has {bytes.Length} bytes, but {entries} entries need {EntriesOffset + entries * EntrySize}"
            );
        }

        var devices = new ManifestDevice[entries - 1];
        for (int i = 0; i < entries; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(EntriesOffset + i * EntrySize, EntrySize);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(entry[TypeOffset..]);
            if (entry[AttachedOffset] != 0)
            {
                throw Invalid(
                    name,
                    $"entry {i} says that it is attached already, which only a tender may say"
                );
            }

            if (i == 0)
            {
                if (type != ReservedFirst || entry[0] != 0)
                {
                    throw Invalid(name, "entry 0 is not the reserved one");
                }

                continue;
            }

            if (type is not ((uint)DeviceType.BlockBasic or (uint)DeviceType.NetBasic))
            {
                throw Invalid(name, $"entry {i} has the unknown device type {type}");
            }

            string deviceName = ReadName(entry[..NameSize], name, i);
            foreach (ManifestDevice before in devices.AsSpan(0, i - 1))
            {
                if (before.Name == deviceName && before.Type == (DeviceType)type)
                {
                    throw Invalid(
                        name,
                        $"the name '{deviceName}' stands for two devices of type {before.TypeName}"
                    );
                }
            }

            devices[i - 1] = new ManifestDevice(deviceName, (DeviceType)type);
        }

        return new Manifest(devices);
    }

    private static string ReadName(ReadOnlySpan<byte> field, string name, int index)
    {
        int length = field.IndexOf((byte)0);
        if (length < 1)
        {
            throw Invalid(
                name,
                length < 0 ? $"the name of entry {index} has no end" : $"entry {index} has no name"
            );
        }

        foreach (byte b in field[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)b))
            {
                throw Invalid(
                    name,
                    $"the name of entry {index} has a byte 0x{b:x2}, which is neither a letter nor a digit"
                );
            }
        }

        return Encoding.ASCII.GetString(field[..length]);
    }

    private static ElfException Invalid(string name, string why) =>
        new($"{name}: the Solo5 manifest is invalid: {why}; build the image again");
}
