using System.Buffers.Binary;

namespace Morgana.Elf;

/// <summary>The note that names the target and ABI version an image was linked for (ABI1 of Solo5's <c>elf_abi.h</c>).</summary>
/// <param name="Target">The target; values that are not named exist.</param>
/// <param name="Version">The target's ABI version.</param>
public readonly record struct AbiNote(AbiTarget Target, uint Version)
{
    /// <summary>The note's type, "ABI1" as a little-endian number.</summary>
    public const uint NoteType = 0x31494241;

    /// <summary>Size of the descriptor in bytes.</summary>
    public const int DescriptorSize = 16;

    /// <summary>The owner of all Solo5 notes.</summary>
    public static ReadOnlySpan<byte> Owner => "Solo5"u8;

    /// <summary>Finds and reads the note.</summary>
    /// <param name="file">The image.</param>
    /// <returns>The note, or null when the image has none.</returns>
    /// <exception cref="ElfException">The note has the wrong size.</exception>
    public static AbiNote? Find(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.FindNote(Owner, NoteType) is not byte[] descriptor)
        {
            return null;
        }

        return descriptor.Length == DescriptorSize
            ? new AbiNote(
                (AbiTarget)BinaryPrimitives.ReadUInt32LittleEndian(descriptor),
                BinaryPrimitives.ReadUInt32LittleEndian(descriptor.AsSpan(4))
            )
            : throw new ElfException(
                $"{file.Source.Name}: the Solo5 ABI note does not fall within valid size: {descriptor.Length} bytes, not {DescriptorSize}"
            );
    }

    /// <summary>The descriptor's 16 bytes.</summary>
    public byte[] ToDescriptor()
    {
        byte[] descriptor = new byte[DescriptorSize];
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, (uint)Target);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(4), Version);
        return descriptor;
    }

    /// <summary>The target's name as the Solo5 tools print it: "spt", or "unknown".</summary>
    public string TargetName =>
        Target switch
        {
            AbiTarget.Hvt => "hvt",
            AbiTarget.Spt => "spt",
            AbiTarget.Virtio => "virtio",
            AbiTarget.Muen => "muen",
            AbiTarget.Genode => "genode",
            AbiTarget.Xen => "xen",
            _ => "unknown",
        };
}
