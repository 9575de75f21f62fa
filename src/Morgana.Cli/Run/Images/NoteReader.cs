using System.Buffers.Binary;
using System.Text;

namespace Morgana.Cli.Run.Images;

/// <summary>Reads the devices out of the manifest note of an image (Solo5 MFT ABI 1).</summary>
internal static class NoteReader
{
    private const int EntrySize = 104;

    /// <summary>The devices that the image declares, in its order.</summary>
    public static IReadOnlyList<ImageDevice> Devices(string path)
    {
        byte[] image = File.ReadAllBytes(path);
        try
        {
            return Devices(image) ?? throw NotAnImage(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw NotAnImage(path);
        }
    }

    private static RunException NotAnImage(string path) =>
        new(
            $"{path} is not a unikernel image: it has no manifest note. Build one with: morgana build"
        );

    private static List<ImageDevice>? Devices(ReadOnlySpan<byte> image)
    {
        if (!image.StartsWith("\u007fELF\u0002"u8))
        {
            return null;
        }

        int table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[32..]));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(image[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(image[56..]);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = image[(table + (i * size))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 4)
            {
                continue;
            }

            int offset = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..]));
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
            ReadOnlySpan<byte> note = image.Slice(offset, length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(note[8..]) != 0x3154464d)
            {
                continue;
            }

            // 12 bytes of note header, "Solo5" padded to 8, 4 of inner alignment; then version and count.
            ReadOnlySpan<byte> manifest = note[24..];
            uint entries = BinaryPrimitives.ReadUInt32LittleEndian(manifest[4..]);
            List<ImageDevice> devices = [];
            for (int entry = 0; entry < entries; entry++)
            {
                ReadOnlySpan<byte> device = manifest.Slice(8 + (entry * EntrySize), EntrySize);
                uint type = BinaryPrimitives.ReadUInt32LittleEndian(device[68..]);
                ReadOnlySpan<byte> name = device[..68];
                name = name[..name.IndexOf((byte)0)];
                if (type is 1 or 2)
                {
                    devices.Add(
                        new ImageDevice(
                            Encoding.ASCII.GetString(name),
                            type == 1 ? ImageDeviceKind.Block : ImageDeviceKind.Network
                        )
                    );
                }
            }

            return devices;
        }

        return null;
    }
}
