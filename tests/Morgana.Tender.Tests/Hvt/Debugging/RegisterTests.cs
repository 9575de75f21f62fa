using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using CsCheck;
using Morgana.Elf;
using Morgana.Tender.Hvt;
using Morgana.Tender.Hvt.Debugging;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>The registers' order and places, as gdb has them.</summary>
public sealed class RegisterTests
{
    public static TheoryData<string> Sets => ["x64", "x64-avx", "arm64"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_description_says_what_the_bytes_are(string name)
    {
        RegisterSet set = SetOf(name);
        string text = Encoding.UTF8.GetString(set.Description);
        var xml = XDocument.Parse(text[text.IndexOf("<target", StringComparison.Ordinal)..]);
        XElement[] registers = [.. xml.Descendants("reg")];
        Assert.Equal(set.Count, registers.Length);
        int offset = 0;
        for (int i = 0; i < registers.Length; i++)
        {
            int size = (int)registers[i].Attribute("bitsize")! / 8;
            Assert.Equal(i, (int)registers[i].Attribute("regnum")!);
            Assert.Equal((offset, size), set[i]);
            Assert.Equal(offset, set.OffsetOf((string)registers[i].Attribute("name")!));
            offset += size;
        }

        Assert.Equal(set.Size, offset);

        // Every type is gdb's own or defined before.
        string[] own =
        [
            "int8",
            "int16",
            "int32",
            "int64",
            "uint8",
            "uint32",
            "uint64",
            "uint128",
            "data_ptr",
            "code_ptr",
            "ieee_single",
            "ieee_double",
            "i387_ext",
        ];
        string[] defined = [.. xml.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.All(
            xml.Descendants().Attributes("type"),
            type => Assert.Contains(type.Value, own.Concat(defined))
        );
    }

    [Fact]
    public void The_numbers_are_gdbs()
    {
        RegisterSet x64 = SetOf("x64");
        Assert.Equal(56, x64.OffsetOf("rsp"));
        Assert.Equal(128, x64.ProgramCounter);
        Assert.Equal((136, 4), x64[17]); // eflags
        Assert.Equal((164, 10), x64[24]); // st0
        Assert.Equal((276, 16), x64[40]); // xmm0
        Assert.Equal((532, 4), x64[56]); // mxcsr
        RegisterSet arm64 = SetOf("arm64");
        Assert.Equal(256, arm64.ProgramCounter);
        Assert.Equal((264, 4), arm64[33]); // cpsr
        Assert.Equal((268, 16), arm64[34]); // v0
        Assert.Equal(788, arm64.Size);
    }

    [Fact]
    public void Xsaves_image_is_read_and_written_without_loss() =>
        Gen
            .Byte.Array[808]
            .Sample(values =>
            {
                RegisterSet set = SetOf("x64-avx");
                Assert.Equal(values.Length, set.Size);

                // What has no room in the processor: tags of used registers, the upper halves of 16-bit registers.
                Span<byte> state = values.AsSpan(set.OffsetOf("fctrl"), 32);
                for (int i = 0; i < 8; i++)
                {
                    bool isWide = i is 4 or 6;
                    if (!isWide)
                    {
                        state[4 * i + 2] = 0;
                        state[4 * i + 3] = 0;
                    }
                }

                uint tags = BinaryPrimitives.ReadUInt16LittleEndian(state[8..]);
                for (int i = 0; i < 16; i += 2)
                {
                    tags &= (tags >> i & 3) == 3 ? uint.MaxValue : ~(3u << i);
                }

                BinaryPrimitives.WriteUInt16LittleEndian(state[8..], (ushort)tags);
                byte[] image = new byte[X64FloatingPoint.Size];
                X64FloatingPoint.Write(image, set, hasAvx: true, values);
                byte[] again = [.. values];
                again
                    .AsSpan(set.OffsetOf("st0"), set.OffsetOf("fs_base") - set.OffsetOf("st0"))
                    .Clear();
                again.AsSpan(set.OffsetOf("ymm0h")).Clear();
                X64FloatingPoint.Read(image, set, hasAvx: true, again);
                Assert.Equal(values, again);
            });

    [Fact]
    public void General_registers_are_read_and_written_without_loss() =>
        Gen
            .ULong.Array[18]
            .Sample(numbers =>
            {
                X64Registers registers = default;
                numbers.CopyTo(
                    System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref registers.Rax, 18)
                );
                registers.Rflags &= uint.MaxValue;
                RegisterSet set = SetOf("x64");
                byte[] values = new byte[set.Size];
                X64GeneralRegisters.Write(registers, values);
                Assert.Equal(registers.Rsp, Get("rsp"));
                Assert.Equal(registers.Rbp, Get("rbp"));
                Assert.Equal(registers.R15, Get("r15"));
                Assert.Equal(registers.Rip, Get("rip"));
                Assert.Equal(registers, X64GeneralRegisters.Read(values));

                ulong Get(string name) =>
                    BinaryPrimitives.ReadUInt64LittleEndian(values.AsSpan(set.OffsetOf(name)));
            });

    [Fact]
    public void The_cookie_of_a_trap_takes_the_registers_place()
    {
        byte[] cookie = new byte[HvtAbi.CookieSize];
        for (int i = 0; i < cookie.Length; i++)
        {
            cookie[i] = (byte)(i / 8);
        }

        RegisterSet set = SetOf("x64");
        byte[] values = new byte[set.Size];
        Assert.Equal(
            DebugSignal.SegmentationFault,
            TrapFrame.Apply(cookie, ElfMachine.X64, set, values)
        );
        Assert.Equal(2, values[set.OffsetOf("rip")]);
        Assert.Equal(5, values[set.OffsetOf("rsp")]);
        Assert.Equal(4, values[set.OffsetOf("eflags")]);
        Assert.Equal(0, values[set.OffsetOf("rbx")]); // solo5's bindings leave no more
        "MRAP\u0006\0\0\0"u8.CopyTo(cookie.AsSpan(56));
        Assert.Equal(
            DebugSignal.IllegalInstruction,
            TrapFrame.Apply(cookie, ElfMachine.X64, set, values)
        );
        Assert.Equal(8, values[set.OffsetOf("rax")]);
        Assert.Equal(9, values[set.OffsetOf("rbx")]);
        Assert.Equal(14, values[set.OffsetOf("rbp")]);
        Assert.Equal(22, values[set.OffsetOf("r15")]);

        // A data abort at EL1, by the syndrome.
        BinaryPrimitives.WriteUInt64LittleEndian(cookie.AsSpan(8), 0x9600_0045);
        RegisterSet arm = SetOf("arm64");
        byte[] armValues = new byte[arm.Size];
        Assert.Equal(
            DebugSignal.SegmentationFault,
            TrapFrame.Apply(cookie, ElfMachine.Arm64, arm, armValues)
        );
        Assert.Equal(8, armValues[arm.OffsetOf("x0")]);
        Assert.Equal(38, armValues[arm.OffsetOf("x30")]);
        Assert.Equal(5, armValues[arm.OffsetOf("sp")]);
        Assert.Equal(2, armValues[arm.OffsetOf("pc")]);
    }

    internal static RegisterSet SetOf(string name) =>
        name switch
        {
            "x64" => X64RegisterSet.Create(hasAvx: false),
            "x64-avx" => X64RegisterSet.Create(hasAvx: true),
            _ => Arm64RegisterSet.Create(),
        };
}
