using System.Buffers.Binary;
using CsCheck;
using Morgana.Elf;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

/// <summary>The loader's checks: what passes, and one test for each refusal.</summary>
public sealed class GuestImageTests
{
    private const ulong Memory = 16 << 20;
    private static readonly byte[] Return = [0xc3];

    private static ElfImageWriter Right() =>
        TestImage
            .Empty()
            .Load(TestImage.Code, 0x100000, Return)
            .Load(TestImage.Data, 0x101000, [1], 0x2001)
            .With();

    private static string Refused(
        ElfImageWriter writer,
        ulong memory = Memory,
        ElfMachine machine = ElfMachine.X64
    ) => Refused(writer.Write(), memory, machine);

    private static string Refused(
        byte[] bytes,
        ulong memory = Memory,
        ElfMachine machine = ElfMachine.X64
    )
    {
        Exception? exception = Record.Exception(() => TestImage.Read(bytes, machine).Place(memory));
        Assert.True(exception is TenderException or ElfException, $"{exception}");
        Assert.StartsWith("test.spt: ", exception.Message);
        return exception.Message;
    }

    [Fact]
    public void A_right_image_is_placed()
    {
        GuestImage image = TestImage.Place(Right());
        Assert.Equal(0x104000UL, image.End);
        Assert.Equal(2, image.Segments.Count);
        Assert.Equal(
            (0x101000UL, 0x104000UL, 1UL),
            (image.Segments[1].Start, image.Segments[1].End, image.Segments[1].FileSize)
        );
        Assert.Empty(image.Manifest.Devices);
        Assert.Null(image.Note);
    }

    [Fact]
    public void A_segment_without_memory_is_what_a_linker_leaves_of_an_empty_section_and_passes() =>
        Assert.Equal(0x104000UL, TestImage.Place(Right().Load(ElfSegmentFlags.Read, 0, [])).End);

    [Fact]
    public void A_segment_of_zeros_only_counts_for_the_end_which_upstream_overlooks() =>
        Assert.Equal(
            0x106000UL,
            TestImage.Place(Right().Load(TestImage.Data, 0x104000, [], 0x1234)).End
        );

    [Fact]
    public void Not_an_elf_file() =>
        Assert.Contains("not an ELF file", Refused("#!/bin/true"u8.ToArray()));

    [Fact]
    public void Malformed_elf_header() =>
        Assert.Contains(
            "class 1 is not supported",
            Refused([.. Right().Write()[..4], 1, .. Right().Write()[5..]])
        );

    [Fact]
    public void Cut_short() =>
        Assert.Contains("lies outside of the file", Refused(Right().Write()[..100]));

    [Fact]
    public void A_segment_beyond_the_end_of_the_file()
    {
        byte[] bytes = Right().Write();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64 + 56 + 8), 0xffffff);
        Assert.Contains(
            "program header 1: its 1 bytes at offset 0xffffff lie outside of the file",
            Refused(bytes)
        );
    }

    [Fact]
    public void Not_an_executable()
    {
        ElfImageWriter writer = Right();
        writer.Type = ElfFileType.Shared;
        Assert.Contains("not an executable image (ELF type 3", Refused(writer));
    }

    [Fact]
    public void Another_architecture() =>
        Assert.Contains(
            "the image is for x86-64, but this host is AArch64",
            Refused(Right(), machine: ElfMachine.Arm64)
        );

    [Fact]
    public void No_abi_note() =>
        Assert.Contains(
            "No Solo5 ABI information found",
            Refused(
                new ElfImageWriter(ElfMachine.X64, 0x100000)
                    .Load(TestImage.Code, 0x100000, Return)
                    .With()
            )
        );

    [Fact]
    public void Another_target() =>
        Assert.Contains(
            "Executable is not for the solo5-spt target, but for hvt (1)",
            Refused(TestImage.Empty(target: AbiTarget.Hvt).With())
        );

    [Fact]
    public void Another_abi_version() =>
        Assert.Contains(
            "unsupported ABI version 3; this tender has version 2",
            Refused(TestImage.Empty(version: 3).With())
        );

    [Fact]
    public void No_manifest() =>
        Assert.Contains(
            "No Solo5 manifest found in executable",
            Refused(TestImage.Empty().Load(TestImage.Code, 0x100000, Return))
        );

    [Fact]
    public void An_invalid_manifest() =>
        Assert.Contains(
            "the Solo5 manifest is invalid: it has 12 bytes, but 1 entries need 112",
            Refused(
                TestImage
                    .Empty()
                    .Note(
                        "Solo5",
                        ManifestNote.NoteType,
                        [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
                    )
            )
        );

    [Fact]
    public void Nothing_to_load() =>
        Assert.Contains("it has nothing to load", Refused(TestImage.Empty().With()));

    [Fact]
    public void A_segment_below_the_lowest_address() =>
        Assert.Contains(
            "program header 1: its address 0xff000 (0xff000 when aligned) is outside of valid memory range, below 0x100000",
            Refused(TestImage.Empty().Load(TestImage.Code, 0xff000, Return).With())
        );

    [Fact]
    public void A_segment_that_alignment_moves_below_the_lowest_address() =>
        Assert.Contains(
            "0x0 when aligned",
            Refused(
                TestImage.Empty().Load(TestImage.Code, 0x100000, Return, alignment: 0x200000).With()
            )
        );

    [Fact]
    public void A_segment_beyond_all_memory() =>
        Assert.Contains(
            "outside of valid memory range, beyond 0x4000000000",
            Refused(Right().Load(TestImage.Data, 0x4000000000, [1]))
        );

    [Fact]
    public void A_segment_whose_end_wraps_around() =>
        Assert.Contains(
            "outside of valid memory range, beyond",
            Refused(Right().Load(TestImage.Data, 0x200000, [1], ulong.MaxValue - 0x1fff00))
        );

    [Fact]
    public void An_alignment_that_is_no_power_of_two() =>
        Assert.Contains(
            "its alignment 3 is not a power of two",
            Refused(Right().Load(TestImage.Data, 0x200000, [1], null, 3))
        );

    [Fact]
    public void A_segment_that_is_not_aligned_to_pages() =>
        Assert.Contains(
            "is not aligned to pages",
            Refused(Right().Load(TestImage.Data, 0x200800, [1], null, 1))
        );

    [Fact]
    public void More_bytes_in_the_file_than_in_memory() =>
        Assert.Contains(
            "more bytes in the file (3) than in memory (2)",
            Refused(Right().Load(TestImage.Data, 0x200000, [1, 2, 3], 2))
        );

    [Fact]
    public void Overlapping_segments() =>
        Assert.Contains(
            "program header 4: it overlaps the segment before it, or is not in ascending order: it begins at 0x103000, before 0x104000",
            Refused(Right().Load(TestImage.Data, 0x103000, [1]))
        );

    [Fact]
    public void Writable_and_executable() =>
        Assert.Contains(
            "program header 1: it requests WRITE and EXEC permissions",
            Refused(
                TestImage.Empty().Load(TestImage.Data | TestImage.Code, 0x100000, Return).With()
            )
        );

    [Fact]
    public void Not_enough_memory() =>
        Assert.Contains(
            "not enough memory: the image needs at least 2 MB and has 1 MB; give more with --mem",
            Refused(Right(), 1 << 20)
        );

    [Fact]
    public void No_room_for_a_stack() =>
        Assert.Contains(
            "needs at least 3 MB and has 2 MB",
            Refused(Right().Load(TestImage.Data, 0x1f8000, [1]), 2 << 20)
        );

    [Theory]
    [InlineData(0x101000)]
    [InlineData(0x99000)]
    [InlineData(0x10000000)]
    public void An_entry_point_outside_of_code(ulong entry) =>
        Assert.Contains(
            $"the entry point 0x{entry:x} is not in an executable segment",
            Refused(
                TestImage
                    .Empty(entry)
                    .Load(TestImage.Code, 0x100000, Return)
                    .Load(TestImage.Data, 0x101000, [1])
                    .With()
            )
        );

    private static MorganaNote Note() => new(0x101000, 0x100000, 0x100000, 0x102000, 2048);

    [Fact]
    public void A_right_note_passes() =>
        Assert.Equal(Note(), TestImage.Place(Right().With(Note())).Note);

    [Fact]
    public void A_note_that_wants_nothing_passes() =>
        Assert.Equal(
            default(MorganaNote),
            TestImage.Place(Right().With(default(MorganaNote))).Note
        );

    [Fact]
    public void A_note_of_another_version() =>
        Assert.Contains(
            "its version is 2, and this tender knows 1",
            Refused(Right().With(Note(), version: 2))
        );

    [Fact]
    public void A_note_with_an_unknown_flag() =>
        Assert.Contains("flags 0x8", Refused(Right().With(Note(), flags: 8)));

    [Fact]
    public void A_note_of_the_wrong_size() =>
        Assert.Contains(
            "it has 40 bytes, not 48",
            Refused(Right().Note("Morgana", 1, [1, .. new byte[39]]))
        );

    [Theory]
    [InlineData(0x101004)]
    [InlineData(0x100000)]
    [InlineData(0x103fe0)]
    [InlineData(0x900000)]
    [InlineData(ulong.MaxValue - 7)]
    public void A_grant_out_of_place(ulong address) =>
        Assert.Contains(
            $"the grant at 0x{address:x}",
            Refused(Right().With(Note() with { Grant = address }))
        );

    [Fact]
    public void A_fault_entry_out_of_place() =>
        Assert.Contains(
            "fault_entry 0x101000 is not in an executable segment",
            Refused(Right().With(Note() with { FaultEntry = 0x101000 }))
        );

    [Fact]
    public void A_fault_return_out_of_place() =>
        Assert.Contains(
            "fault_return 0x5 is not in an executable segment",
            Refused(Right().With(Note() with { FaultReturn = 5 }))
        );

    [Theory]
    [InlineData(0x102000, 0x2001)]
    [InlineData(0x100000, 2048)]
    [InlineData(0x102000, ulong.MaxValue)]
    public void A_fault_stack_out_of_place(ulong address, ulong size) =>
        Assert.Contains(
            "is not in a writable segment",
            Refused(Right().With(Note() with { FaultStack = address, FaultStackSize = size }))
        );

    [Fact]
    public void A_fault_stack_too_small() =>
        Assert.Contains(
            "the fault stack has 2047 bytes, but at least 2048",
            Refused(Right().With(Note() with { FaultStackSize = 2047 }))
        );

    [Fact]
    public void A_hundred_thousand_mutated_images_give_nothing_but_documented_errors_or_a_safe_plan()
    {
        byte[] right = Right()
            .With(Note())
            .With(new ManifestDevice("net", DeviceType.NetBasic))
            .Write();
        int headers = 64 + 6 * 56;
        Gen.Select(
                Gen.Int[0, 3],
                Gen.Int[0, right.Length - 9],
                Gen.ULong,
                Gen.Int[0, 63],
                Gen.Int[0, headers],
                Gen.Byte
            )
            .Sample(
                (kind, anywhere, value, shift, inHeaders, small) =>
                {
                    byte[] bytes = [.. right];
                    int at = kind == 0 ? anywhere : inHeaders;
                    if (kind < 2)
                    {
                        bytes[at] = small;
                    }
                    else
                    {
                        BinaryPrimitives.WriteUInt64LittleEndian(
                            bytes.AsSpan(at & ~7),
                            value >> shift
                        );
                    }

                    try
                    {
                        GuestImage image = TestImage.Read(
                            kind == 3 ? bytes[..(anywhere + 1)] : bytes
                        );
                        image.Place(Memory);
                        AssertSafe(image);
                    }
                    catch (Exception exception) when (exception is TenderException or ElfException)
                    {
                        Assert.StartsWith("test.spt: ", exception.Message);
                    }
                },
                iter: 100_000
            );
    }

    private static void AssertSafe(GuestImage image)
    {
        ulong end = 0x100000;
        foreach (GuestSegment segment in image.Segments)
        {
            Assert.True(segment.Start >= end && segment.End > segment.Start);
            Assert.True(
                segment.Address >= segment.Start
                    && segment.FileSize <= segment.End - segment.Address
            );
            Assert.Equal(0UL, (segment.Start | segment.End) % 4096);
            Assert.NotEqual(
                ElfSegmentFlags.Write | ElfSegmentFlags.Execute,
                segment.Flags & ~ElfSegmentFlags.Read
            );
            Assert.True(
                segment.FileOffset + segment.FileSize <= (ulong)image.File.Source.Length
                    || segment.FileSize == 0
            );
            end = segment.End;
        }

        Assert.Equal(end, image.End);
        Assert.True(image.End < Memory);
    }
}
