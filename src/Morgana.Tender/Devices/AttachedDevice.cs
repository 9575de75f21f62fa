using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Tender.Devices;

/// <summary>A device of the manifest with the host's side of it.</summary>
internal sealed class AttachedDevice
{
    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>Its handle: its index in the manifest, from 1.</summary>
    public required int Handle { get; init; }

    /// <summary>The host's descriptor.</summary>
    public required int Descriptor { get; init; }

    /// <summary>Size and block size of a block device; null for a network device.</summary>
    public BlockGeometry? Block { get; init; }

    /// <summary>Hardware address of a network device.</summary>
    public byte[] HardwareAddress { get; init; } = [];

    /// <summary>Largest packet of a network device, in bytes, without the ethernet header.</summary>
    public ushort Mtu { get; init; }

    /// <summary>Fills the device's entry of the manifest in, as the guest's bindings read it.</summary>
    /// <param name="manifest">The manifest as it stands in the image.</param>
    public void WriteTo(Span<byte> manifest)
    {
        Span<byte> entry = manifest.Slice(
            ManifestNote.EntriesOffset + Handle * ManifestNote.EntrySize,
            ManifestNote.EntrySize
        );
        Span<byte> properties = entry[ManifestNote.PropertiesOffset..ManifestNote.DescriptorOffset];
        properties.Clear();
        if (Block is BlockGeometry block)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(properties, block.Capacity);
            BinaryPrimitives.WriteUInt16LittleEndian(properties[8..], block.BlockSize);
        }
        else
        {
            HardwareAddress.CopyTo(properties);
            BinaryPrimitives.WriteUInt16LittleEndian(properties[6..], Mtu);
        }

        BinaryPrimitives.WriteInt64LittleEndian(entry[ManifestNote.DescriptorOffset..], Descriptor);
        entry[ManifestNote.AttachedOffset] = 1;
    }
}
