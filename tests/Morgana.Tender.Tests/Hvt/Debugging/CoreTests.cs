using System.Buffers.Binary;
using Morgana.Elf;
using Morgana.Tender.Hvt.Debugging;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>Core files: what is in them, where, and that they appear whole or not at all.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class CoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("morgana-core-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Memory_is_divided_at_the_images_segments_and_the_first_page_is_left_out()
    {
        List<CoreSegment> ranges = CoreLayout.Ranges(
            [
                new(
                    0x10_0000,
                    0x1000,
                    0x1800,
                    0x10_0000,
                    0x10_2000,
                    ElfSegmentFlags.Read | ElfSegmentFlags.Execute
                ),
                new(0x10_2000, 0x3000, 0x10, 0x10_2000, 0x10_3000, ElfSegmentFlags.Read),
            ],
            0x40_0000
        );
        Assert.Equal(
            [
                (0x1000, 0xf_f000, 6),
                (0x10_0000, 0x2000, 5),
                (0x10_2000, 0x1000, 4),
                (0x10_3000, 0x2f_d000, 6),
            ],
            ranges.Select(range => ((long)range.Address, (long)range.Size, (int)range.Flags))
        );
    }

    [Theory]
    [InlineData("x64", 336 + 512)]
    [InlineData("x64-avx", 336 + 512 + 832)]
    [InlineData("arm64", 392 + 528)]
    public void Notes_have_the_sizes_that_debuggers_ask_for(string name, int content)
    {
        RegisterSet set = RegisterTests.SetOf(name);
        ElfMachine machine = name == "arm64" ? ElfMachine.Arm64 : ElfMachine.X64;
        byte[] notes = CoreNotes.Create(
            machine,
            set,
            new byte[set.Size],
            DebugSignal.SegmentationFault
        );
        int count = name == "x64-avx" ? 3 : 2;
        Assert.Equal(content + count * (12 + 8), notes.Length);
        Assert.Equal(11, BinaryPrimitives.ReadInt16LittleEndian(notes.AsSpan(20 + 12)));
    }

    [Fact]
    public void A_core_file_is_an_ELF_file_with_the_memory_and_sparse()
    {
        using LargeMemory memory = new();
        memory.Memory.Host(0x20_0000, 3).Fill(7);
        memory.Memory.Host(0x3f_f000, 4096).Fill(9);
        RegisterSet set = RegisterTests.SetOf("x64");
        byte[] values = new byte[set.Size];
        values[set.OffsetOf("rip")] = 0x77;
        CoreLayout layout = new(
            ElfMachine.X64,
            CoreLayout.Ranges([], LargeMemory.Size),
            CoreNotes.Create(ElfMachine.X64, set, values, DebugSignal.Abort)
        );
        var dump = CoreDump.Open(folder, "/some/where/hello.hvt");
        Assert.Empty(Directory.GetFiles(folder));
        Assert.Contains(
            "core.hello.hvt.",
            dump.Write(memory.Memory, layout),
            StringComparison.Ordinal
        );
        string path = Assert.Single(Directory.GetFiles(folder));
        byte[] core = File.ReadAllBytes(path);
        Assert.Equal((int)layout.FileSize, core.Length);
        using FileElfSource source = new(path);
        var elf = ElfFile.Read(source);
        Assert.Equal(ElfFileType.Core, elf.Type);
        ElfSegment load = Assert.Single(
            elf.Segments.ToArray(),
            segment => segment.Type == ElfSegmentType.Load
        );
        Assert.Equal(0x1000UL, load.Address);
        Assert.Equal(7, core[(int)load.Offset + 0x20_0002 - 0x1000]);
        Assert.Equal(0, core[(int)load.Offset + 0x20_0003 - 0x1000]);
        Assert.Equal(9, core[^1]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_core_file_that_is_there_is_not_replaced()
    {
        using LargeMemory memory = new();
        CoreLayout layout = new(ElfMachine.X64, [], []);
        _ = CoreDump.Open(folder, "a").Write(memory.Memory, layout);
        Assert.Contains(
            $"core.a.{Environment.ProcessId}.1",
            CoreDump.Open(folder, "a").Write(memory.Memory, layout),
            StringComparison.Ordinal
        );
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains(
            "--dumpcore=/no/such: ",
            Assert.Throws<TenderException>(() => CoreDump.Open("/no/such", "a")).Message,
            StringComparison.Ordinal
        );
}
