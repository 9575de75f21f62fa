using System.Buffers.Binary;
using Morgana.Elf;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

/// <summary>Makes images: right ones, and by its parts wrong ones.</summary>
internal static class TestImage
{
    public const ElfSegmentFlags Code = ElfSegmentFlags.Read | ElfSegmentFlags.Execute;
    public const ElfSegmentFlags Data = ElfSegmentFlags.Read | ElfSegmentFlags.Write;

    public static ElfImageWriter Empty(
        ulong entry = GuestCode.Base,
        AbiTarget target = AbiTarget.Spt,
        uint version = 2,
        ElfMachine machine = ElfMachine.X64
    ) =>
        new ElfImageWriter(machine, entry).Note(
            "Solo5",
            AbiNote.NoteType,
            new AbiNote(target, version).ToDescriptor()
        );

    public static ElfImageWriter With(
        this ElfImageWriter writer,
        params ManifestDevice[] devices
    ) => writer.Note("Solo5", ManifestNote.NoteType, ManifestNote.Encode(new Manifest(devices)));

    public static ElfImageWriter With(
        this ElfImageWriter writer,
        MorganaNote note,
        uint version = 1,
        uint flags = 0
    )
    {
        byte[] descriptor = new byte[MorganaNote.DescriptorSize];
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, version);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(4), flags);
        ulong[] fields =
        [
            note.Grant,
            note.FaultEntry,
            note.FaultReturn,
            note.FaultStack,
            note.FaultStackSize,
        ];
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor.AsSpan(8 + 8 * i), fields[i]);
        }

        return writer.Note(MorganaNote.Owner, MorganaNote.NoteType, descriptor);
    }

    /// <summary>A guest with code at 1 MiB and 64 KiB of data at 2 MiB.</summary>
    public static ElfImageWriter Guest(GuestCode code, byte[]? data = null) =>
        Empty()
            .Load(Code, GuestCode.Base, code.Bytes)
            .Load(Data, GuestCode.Data, data ?? [0], memorySize: 0x10000);

    public static GuestImage Read(byte[] bytes, ElfMachine machine = ElfMachine.X64) =>
        GuestImage.Read(new MemoryElfSource("test.spt", bytes), SptAbi.Format, machine);

    public static GuestImage Place(ElfImageWriter writer, ulong memory = 16 << 20)
    {
        GuestImage image = Read(writer.Write());
        image.Place(memory);
        return image;
    }
}
