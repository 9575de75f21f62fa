using System.Buffers.Binary;
using CsCheck;

namespace Morgana.Elf.Tests;

public sealed class ElfFileTests
{
    private static byte[] Image() =>
        new ElfImageWriter(ElfMachine.X64, 0x100010)
            .Load(ElfSegmentFlags.Read | ElfSegmentFlags.Execute, 0x100000, [0x90, 0xc3])
            .Load(
                ElfSegmentFlags.Read | ElfSegmentFlags.Write,
                0x101008,
                [1, 2, 3],
                memorySize: 100
            )
            .Note("OpenBSD", 1, [0, 0, 0, 0])
            .Note("Solo5", AbiNote.NoteType, new AbiNote(AbiTarget.Spt, 2).ToDescriptor())
            .Write();

    private static ElfFile Read(byte[] bytes) =>
        ElfFile.Read(new MemoryElfSource("test.spt", bytes));

    private static string Refused(Action<byte[]> change)
    {
        byte[] bytes = Image();
        change(bytes);
        return Assert.Throws<ElfException>(() => Read(bytes)).Message;
    }

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        ElfFile file = Read(Image());
        Assert.Equal(ElfFileType.Executable, file.Type);
        Assert.Equal(ElfMachine.X64, file.Machine);
        Assert.Equal(0x100010UL, file.Entry);
        Assert.Equal(4, file.Segments.Length);
        ElfSegment data = file.Segments[1];
        Assert.Equal(ElfSegmentType.Load, data.Type);
        Assert.Equal(ElfSegmentFlags.Read | ElfSegmentFlags.Write, data.Flags);
        Assert.Equal(
            (0x101008UL, 3UL, 100UL, 4096UL),
            (data.Address, data.FileSize, data.MemorySize, data.Alignment)
        );
        Assert.Equal(0x008UL, data.Offset % 4096);
        Assert.Equal([1, 2, 3], Image().AsSpan((int)data.Offset, 3).ToArray());
        Assert.Equal(new AbiNote(AbiTarget.Spt, 2), AbiNote.Find(file));
        Assert.Empty(file.ReadSections());
        Assert.Empty(file.ReadSymbols());
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x7f, 0x45, 0x4c })]
    [InlineData(new byte[] { 0x23, 0x21, 0x2f, 0x62, 0x69, 0x6e })]
    public void A_file_that_is_no_elf_file_is_called_so(byte[] bytes) =>
        Assert.Contains(
            "test.spt: not an ELF file",
            Assert.Throws<ElfException>(() => Read(bytes)).Message
        );

    [Fact]
    public void A_header_that_is_cut_short_is_refused() =>
        Assert.Contains(
            "the ELF header (64 bytes at offset 0x0) lies outside of the file, which has 63 bytes",
            Assert.Throws<ElfException>(() => Read(Image()[..63])).Message
        );

    [Fact]
    public void Each_field_of_the_header_has_its_own_message()
    {
        Assert.Contains("class 1 is not supported", Refused(bytes => bytes[4] = 1));
        Assert.Contains("data encoding 2 is not supported", Refused(bytes => bytes[5] = 2));
        Assert.Contains("version 1 (identification 9)", Refused(bytes => bytes[6] = 9));
        Assert.Contains("version 7", Refused(bytes => bytes[20] = 7));
        Assert.Contains("its own size as 65", Refused(bytes => bytes[52] = 65));
        Assert.Contains("size of a program header as 57", Refused(bytes => bytes[54] = 57));
        Assert.Contains("table of program headers", Refused(bytes => bytes[33] = 0xff));
        Assert.Contains(
            "table of program headers",
            Refused(bytes => bytes.AsSpan(32, 8).Fill(0xff))
        );
    }

    [Fact]
    public void A_note_that_reaches_beyond_its_segment_is_refused()
    {
        byte[] note = ElfNoteWriter.Write("Solo5", 5, new byte[8]);
        note[4] = 9 + 4;
        byte[] bytes = new ElfImageWriter(ElfMachine.X64, 0).RawNote(note).Write();
        Assert.Contains(
            "program header 0: the note does not fall within valid size",
            Assert.Throws<ElfException>(() => Read(bytes).FindNote("Solo5"u8, 5)).Message
        );
    }

    [Fact]
    public void A_note_segment_too_small_for_a_header_is_refused()
    {
        byte[] bytes = new ElfImageWriter(ElfMachine.X64, 0).RawNote(new byte[11]).Write();
        Assert.Contains(
            "11 bytes",
            Assert.Throws<ElfException>(() => Read(bytes).FindNote("Solo5"u8, 5)).Message
        );
    }

    [Fact]
    public void The_second_note_of_a_segment_is_found()
    {
        byte[] both =
        [
            .. ElfNoteWriter.Write("GNU", 1, [1]),
            .. ElfNoteWriter.Write("Morgana", 1, [2, 3]),
        ];
        byte[] bytes = new ElfImageWriter(ElfMachine.Arm64, 0).RawNote(both).Write();
        Assert.Equal([2, 3], Read(bytes).FindNote("Morgana"u8, 1));
        Assert.Null(Read(bytes).FindNote("Morgana"u8, 2));
        Assert.Null(Read(bytes).FindNote("Morgan"u8, 1));
    }

    [Fact]
    public void An_abi_note_of_the_wrong_size_is_refused()
    {
        byte[] bytes = new ElfImageWriter(ElfMachine.X64, 0)
            .Note("Solo5", AbiNote.NoteType, new byte[12])
            .Write();
        Assert.Contains(
            "12 bytes, not 16",
            Assert.Throws<ElfException>(() => AbiNote.Find(Read(bytes))).Message
        );
    }

    [Fact]
    public void Mutated_files_give_nothing_but_the_documented_error()
    {
        byte[] image = Image();
        byte[] withSections = ManifestObject.Write(
            new Manifest([new("net", DeviceType.NetBasic)]),
            ElfMachine.X64
        );
        Gen.Select(
                Gen.Bool,
                Gen.Int[0, 4096],
                Gen.Byte,
                Gen.Int[0, 200],
                Gen.ULong,
                Gen.Int[0, 9000]
            )
            .Sample(
                (sections, at, value, at8, value8, length) =>
                {
                    byte[] bytes = [.. sections ? withSections : image];
                    bytes[at % bytes.Length] = value;
                    BinaryPrimitives.WriteUInt64LittleEndian(
                        bytes.AsSpan(at8),
                        value8 >> (int)(value8 % 64)
                    );
                    if (length < 1000)
                    {
                        bytes = bytes[..(length % bytes.Length)];
                    }

                    try
                    {
                        ElfFile file = Read(bytes);
                        _ = AbiNote.Find(file);
                        _ = ManifestNote.Find(file);
                        foreach (ElfSection section in file.ReadSections())
                        {
                            _ = file.ReadSection(section);
                        }

                        _ = file.ReadSymbols();
                        _ = ImageCheck.FindSystemCalls(file);
                    }
                    catch (ElfException) { }
                },
                iter: 30_000
            );
    }
}
