using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace Morgana.Elf.Tests;

public sealed class ImageCheckTests
{
    private const byte Function = 2;

    /// <summary>An executable with one code section and symbols for it.</summary>
    private static byte[] Image(
        byte[] code,
        (string Name, byte Type, int Start, int Size)[] symbols,
        ElfMachine machine = ElfMachine.X64,
        ElfFileType type = ElfFileType.Executable,
        string section = ".text"
    )
    {
        ulong origin = type == ElfFileType.Executable ? 0x100000UL : 0;
        string names = $"\0{section}\0.symtab\0.strtab\0";
        string strings = "\0" + string.Concat(symbols.Select(symbol => symbol.Name + '\0'));
        int codeAt = 64;
        int symbolsAt = codeAt + code.Length;
        int stringsAt = symbolsAt + 24 * (symbols.Length + 1);
        int namesAt = stringsAt + strings.Length;
        int sectionsAt = namesAt + names.Length;
        byte[] bytes = new byte[sectionsAt + 5 * 64];
        ElfHeaderWriter.Write(bytes, type, machine, origin);
        ElfHeaderWriter.WriteSectionTable(bytes, (ulong)sectionsAt, 5, 4);
        code.CopyTo(bytes.AsSpan(codeAt));
        _ = Encoding.ASCII.GetBytes(strings, bytes.AsSpan(stringsAt));
        _ = Encoding.ASCII.GetBytes(names, bytes.AsSpan(namesAt));
        int nameAt = 1;
        for (int i = 0; i < symbols.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(symbolsAt + 24 * (i + 1));
            BinaryPrimitives.WriteInt32LittleEndian(entry, nameAt);
            entry[4] = symbols[i].Type;
            entry[6] = 1;
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], origin + (ulong)symbols[i].Start);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], (ulong)symbols[i].Size);
            nameAt += symbols[i].Name.Length + 1;
        }

        Section(1, 1, 1, 6, origin, codeAt, code.Length, 0, 0);
        Section(2, section.Length + 2, 2, 0, 0, symbolsAt, 24 * (symbols.Length + 1), 3, 24);
        Section(3, section.Length + 10, 3, 0, 0, stringsAt, strings.Length, 0, 0);
        Section(4, section.Length + 10, 3, 0, 0, namesAt, names.Length, 0, 0);
        return bytes;

        void Section(
            int index,
            int name,
            uint kind,
            ulong flags,
            ulong address,
            int offset,
            int size,
            uint link,
            ulong entrySize
        )
        {
            Span<byte> header = bytes.AsSpan(sectionsAt + index * 64);
            BinaryPrimitives.WriteInt32LittleEndian(header, name);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], kind);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], flags);
            BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
            BinaryPrimitives.WriteInt64LittleEndian(header[24..], offset);
            BinaryPrimitives.WriteInt64LittleEndian(header[32..], size);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], link);
            BinaryPrimitives.WriteUInt64LittleEndian(header[56..], entrySize);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x90, 0x0f, 0x05, 0xc3 }, "syscall", 0x100001)]
    [InlineData(new byte[] { 0x0f, 0x34, 0xc3 }, "sysenter", 0x100000)]
    [InlineData(new byte[] { 0x31, 0xc0, 0xcd, 0x80 }, "int 0x80", 0x100002)]
    [InlineData(new byte[] { 0x48, 0x0f, 0x05, 0xc3 }, "syscall", 0x100001)]
    public void A_system_call_is_found_with_its_function(
        byte[] code,
        string instruction,
        ulong address
    )
    {
        SystemCallSite site = Assert.Single(
            ImageCheck.FindSystemCalls(Image(code, [("rogue", Function, 0, code.Length)]))
        );
        Assert.Equal(new SystemCallSite(address, instruction, ".text", "rogue", true), site);
        Assert.Equal($"{instruction} at 0x{address:x} in rogue (.text)", site.ToString());
    }

    [Fact]
    public void A_system_call_without_any_symbol_is_found() =>
        Assert.Equal(
            new SystemCallSite(0x100001, "syscall", ".text", null, true),
            Assert.Single(ImageCheck.FindSystemCalls(Image([0x90, 0x0f, 0x05], [])))
        );

    [Fact]
    public void The_same_bytes_inside_of_an_instruction_are_none()
    {
        byte[] code =
        [
            .. (byte[])[0xb8, 0x0f, 0x05, 0xcd, 0x80], // mov eax, 0x80cd050f
            .. (byte[])[0x48, 0x8b, 0x80, 0x0f, 0x05, 0, 0], // mov rax, [rax + 0x50f]
            .. (byte[])[0xe8, 0x0f, 0x34, 0, 0], // call
            0xc3,
        ];
        Assert.Empty(ImageCheck.FindSystemCalls(Image(code, [("f", Function, 0, code.Length)])));
    }

    [Fact]
    public void Between_the_marks_of_the_bindings_it_is_allowed_and_behind_them_not()
    {
        byte[] code = [0x0f, 0x05, 0xc3, 0x0f, 0x05, 0xc3];
        byte[] image = Image(
            code,
            [
                ("sys", Function, 0, 3),
                ("rogue", Function, 3, 3),
                (ImageCheck.StartSymbol, 0, 0, 0),
                (ImageCheck.EndSymbol, 0, 3, 0),
            ]
        );
        Assert.Equal("rogue", Assert.Single(ImageCheck.FindSystemCalls(image)).Symbol);
    }

    [Fact]
    public void In_an_object_the_section_of_the_bindings_is_allowed()
    {
        byte[] code = [0x0f, 0x05, 0xc3];
        Assert.Empty(
            ImageCheck.FindSystemCalls(
                Image(code, [], type: ElfFileType.Relocatable, section: ImageCheck.SectionName)
            )
        );
        Assert.Equal(
            0UL,
            Assert
                .Single(ImageCheck.FindSystemCalls(Image(code, [], type: ElfFileType.Relocatable)))
                .Address
        );
    }

    [Fact]
    public void Where_the_instructions_cannot_be_followed_the_bytes_count()
    {
        byte[] code = [0x06, 0x06, 0x0f, 0x05, 0xc3];
        Assert.False(
            Assert
                .Single(ImageCheck.FindSystemCalls(Image(code, [("data", Function, 0, 5)])))
                .Certain
        );
    }

    [Fact]
    public void What_follows_a_stretch_of_data_is_decoded_from_the_next_function()
    {
        byte[] code = [0x06, 0xb8, 0xb8, 0x0f, 0x05, 1, 2, 0xc3];
        Assert.Empty(
            ImageCheck.FindSystemCalls(
                Image(code, [("data", Function, 0, 2), ("code", Function, 2, 6)])
            )
        );
    }

    [Fact]
    public void On_arm64_svc_is_found_and_data_is_not_taken_for_it()
    {
        byte[] code = [0x01, 0, 0, 0xd4, 0xc0, 0x03, 0x5f, 0xd6, 0x01, 0, 0, 0xd4];
        byte[] image = Image(
            code,
            [("$x", 0, 0, 0), ("$d", 0, 8, 0), ("f", Function, 0, 12)],
            ElfMachine.Arm64
        );
        Assert.Equal(
            new SystemCallSite(0x100000, "svc", ".text", "f", true),
            Assert.Single(ImageCheck.FindSystemCalls(image))
        );
    }

    [Fact]
    public void Another_architecture_is_refused() =>
        Assert.Contains(
            "ELF machine 8",
            Assert
                .Throws<ElfException>(() =>
                    ImageCheck.FindSystemCalls(Image([0], [], (ElfMachine)8))
                )
                .Message
        );

    [Theory]
    [InlineData("90", 1)] // nop
    [InlineData("f3 0f 1e fa", 4)] // endbr64
    [InlineData("48 b8 01 02 03 04 05 06 07 08", 10)] // movabs
    [InlineData("66 b8 01 02", 4)] // mov ax, imm16
    [InlineData("66 48 b8 01 02 03 04 05 06 07 08", 11)]
    [InlineData("48 8d 05 01 02 03 04", 7)] // lea rip-relative
    [InlineData("48 8b 04 25 01 02 03 04", 8)] // mov, absolute through SIB
    [InlineData("8b 44 24 08", 4)]
    [InlineData("81 84 24 01 02 03 04 05 06 07 08", 11)] // add with disp32 and imm32
    [InlineData("f6 c1 01", 3)] // test cl, imm8
    [InlineData("f6 d1", 2)] // not cl
    [InlineData("f7 c1 01 02 03 04", 6)]
    [InlineData("66 f7 c1 01 02", 5)]
    [InlineData("a1 01 02 03 04 05 06 07 08", 9)]
    [InlineData("c8 01 02 03", 4)] // enter
    [InlineData("0f 84 01 02 03 04", 6)] // je rel32
    [InlineData("66 0f 3a 0f c1 08", 6)] // palignr
    [InlineData("0f 1f 84 00 00 00 00 00", 8)] // long nop
    [InlineData("c5 f8 77", 3)] // vzeroupper
    [InlineData("c4 e3 7d 39 c1 01", 6)] // vextracti128
    [InlineData("62 f1 7c 48 10 46 01", 7)] // vmovups zmm, disp8
    [InlineData("62 f3 fd 48 3b c1 01", 7)] // vextracti64x4
    [InlineData("8f e8 78 c2 ec 0e", 6)] // vprotd (XOP)
    [InlineData("8f c0", 2)] // pop rax
    [InlineData("06", 0)]
    [InlineData("48", 0)]
    [InlineData("e8 01 02", 0)]
    public void The_decoder_knows_lengths(string hex, int length)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(length, X64Decoder.Length(bytes, out _));
    }

    [Fact]
    public void The_decoder_stays_within_the_bytes() =>
        Gen
            .Byte.Array[0, 20]
            .Sample(
                bytes =>
                    X64Decoder.Length(bytes, out _) is >= 0 and <= 15 and int n
                    && n <= bytes.Length,
                iter: 50_000
            );
}
