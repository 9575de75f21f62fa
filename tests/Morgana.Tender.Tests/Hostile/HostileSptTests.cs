using Morgana.Elf;

namespace Morgana.Tender.Tests.Hostile;

/// <summary>
/// Guests in the real spt tender that make the system calls they have with everything wrong. A call whose shape the filter does not know ends the
/// guest; one whose pointers lead nowhere gets the kernel's answer. The disk and the next call are as before.
/// </summary>
public sealed class HostileSptTests
{
    private const int KilledBySeccomp = 128 + 31;
    private const int BadAddress = 14; // EFAULT
    private const int Disk = 3;

    // Numbers of x86-64.
    private const uint Write = 1;
    private const uint Read = 0;
    private const uint ReadAt = 17;
    private const uint WriteAt = 18;
    private const uint EpollWait = 281;
    private const uint TimerSet = 286;
    private const uint ClockGet = 228;
    private const uint ArchitectureControl = 158;

    public static TheoryData<string, uint, ulong[], int> Calls()
    {
        TheoryData<string, uint, ulong[], int> calls = [];
        // Pointers: below memory, above it, over its end, into the stub, wrapping, not canonical.
        foreach (
            ulong pointer in (ulong[])
                [
                    0,
                    0xffff,
                    16 << 20,
                    0x4000000000 + 0x10000,
                    0x7fff_ffff_f000,
                    0x8000_0000_0000,
                    ulong.MaxValue - 4095,
                    ulong.MaxValue,
                ]
        )
        {
            calls.Add($"write from {pointer:x}", Write, [1, pointer, 16], BadAddress);
            calls.Add($"clock to {pointer:x}", ClockGet, [0, pointer], BadAddress);
        }

        // Lengths that leave memory are cut off by the kernel where memory ends.
        calls.Add("write of more than memory", Write, [1, 0, ulong.MaxValue], BadAddress);
        // Descriptors that are not the guest's, in all 64 bits.
        foreach (ulong descriptor in (ulong[])[0, 2, 3, 4, 1023, uint.MaxValue, 1UL << 32 | 1])
        {
            calls.Add(
                $"write to {descriptor:x}",
                Write,
                [descriptor, GuestCode.Data, 1],
                KilledBySeccomp
            );
            calls.Add(
                $"read of {descriptor:x}",
                Read,
                [descriptor, GuestCode.Data, 1],
                KilledBySeccomp
            );
            calls.Add(
                $"pread of {descriptor:x}",
                ReadAt,
                [descriptor, GuestCode.Data, 512, 0],
                KilledBySeccomp
            );
            calls.Add(
                $"pwrite of {descriptor:x}",
                WriteAt,
                [descriptor, GuestCode.Data, 512, 0],
                KilledBySeccomp
            );
            calls.Add(
                $"epoll of {descriptor:x}",
                EpollWait,
                [descriptor, GuestCode.Data, 1, 0, 0],
                KilledBySeccomp
            );
            calls.Add(
                $"timer of {descriptor:x}",
                TimerSet,
                [descriptor, 1, GuestCode.Data, 0],
                KilledBySeccomp
            );
        }

        calls.Add("a clock that is not allowed", ClockGet, [2, GuestCode.Data], KilledBySeccomp);
        calls.Add(
            "a clock in the upper half",
            ClockGet,
            [1UL << 32, GuestCode.Data],
            KilledBySeccomp
        );
        calls.Add("GS by arch_prctl", ArchitectureControl, [0x1001, 0], KilledBySeccomp);
        calls.Add("a CPUID trap by arch_prctl", ArchitectureControl, [0x1012, 0], KilledBySeccomp);
        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_wrong_call_ends_the_guest_or_fails(
        string what,
        uint call,
        ulong[] arguments,
        int expected
    )
    {
        (int code, string output, string error) = TenderProcess.Run(
            TestImage.Guest(new GuestCode().Call(call, arguments).ExitWithNegatedRax(), [0]).With()
        );
        Assert.Equal((what, expected, "", ""), (what, code, output, error));
    }

    [Theory]
    [InlineData(1UL << 20, 512UL)] // more than a block
    [InlineData(0UL, 512UL)] // nothing
    [InlineData(512UL, 4096UL)] // past the end
    [InlineData(512UL, ulong.MaxValue - 511)] // before the beginning
    [InlineData(512UL, 1UL << 32)]
    [InlineData(1UL << 32 | 512, 0UL)]
    public void A_wrong_block_ends_the_guest_and_leaves_the_disk(ulong length, ulong offset)
    {
        WithDisk(
            code => code.Call(WriteAt, Disk, GuestCode.Data, length, offset).Exit(0),
            (code, disk) =>
            {
                Assert.Equal(KilledBySeccomp, code);
                Assert.Equal(-1, disk.AsSpan().IndexOfAnyExcept((byte)7));
                Assert.Equal(4096, disk.Length);
            }
        );
    }

    [Fact]
    public void A_block_from_no_memory_is_an_error_and_leaves_the_disk() =>
        WithDisk(
            code => code.Call(WriteAt, Disk, 16 << 20, 512, 0).ExitWithNegatedRax(),
            (code, disk) =>
            {
                Assert.Equal(BadAddress, code);
                Assert.Equal(-1, disk.AsSpan().IndexOfAnyExcept((byte)7));
            }
        );

    [Fact]
    public void A_block_into_code_is_an_error() =>
        WithDisk(
            code => code.Call(ReadAt, Disk, GuestCode.Base, 512, 0).ExitWithNegatedRax(),
            (code, _) => Assert.Equal(BadAddress, code)
        );

    [Fact]
    public void A_rewritten_manifest_gives_no_other_descriptor()
    {
        // The manifest and the boot information are the guest's memory: it makes all of it 0xff and asks for the console all the same.
        GuestCode code = new GuestCode()
            .Raw(0xbf, 0x00, 0x10, 0x01, 0x00) // mov edi, 0x11000
            .Raw(0xb9, 0x00, 0x10, 0x00, 0x00) // mov ecx, 0x1000
            .Raw(0xb0, 0xff, 0xf3, 0xaa) // mov al, 0xff; rep stosb
            .Write(GuestCode.Data, 3)
            .Call(ReadAt, 4, GuestCode.Data, 512, 0)
            .Exit(0);
        Assert.Equal(
            (KilledBySeccomp, "abc", ""),
            TenderProcess.Run(TestImage.Guest(code, "abc"u8.ToArray()).With())
        );
    }

    private static void WithDisk(Func<GuestCode, GuestCode> write, Action<int, byte[]> check)
    {
        string path = Path.GetTempFileName();
        try
        {
            // A guest finds the disk's descriptor in its manifest. These are told by the filter's rules, and have it in their code.
            File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, 4096)]);
            int descriptor = DiskDescriptor(path);
            GuestCode code = new();
            _ = write(code);
            byte[] bytes = Replace(code.Bytes, Disk, descriptor);
            (int exit, _, string error) = TenderProcess.Run(
                TestImage
                    .Guest(new GuestCode().Raw(bytes), [0])
                    .With(new ManifestDevice("disk", DeviceType.BlockBasic)),
                ["--mem=16", $"--block:disk={path}"]
            );
            Assert.Equal("", error);
            check(exit, File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // The filter's rules name it.
    private static int DiskDescriptor(string path)
    {
        (_, _, string error) = TenderProcess.Run(
            TestImage
                .Guest(new GuestCode().Exit(0), [0])
                .With(new ManifestDevice("disk", DeviceType.BlockBasic)),
            ["--mem=16", $"--block:disk={path}"],
            null,
            ("MORGANA_SPT_EXPLAIN", "1")
        );
        int at = error.IndexOf("pread64(arg0 == 0x", StringComparison.Ordinal);
        Assert.NotEqual(-1, at);
        string digits = new([.. error[(at + 18)..].TakeWhile(char.IsAsciiHexDigit)]);
        return Convert.ToInt32(digits, 16);
    }

    // mov rdi, imm64 is the first instruction of a call.
    private static byte[] Replace(byte[] code, int from, int to)
    {
        Assert.Equal((0x48, 0xbf, from), (code[0], code[1], code[2]));
        code[2] = (byte)to;
        return code;
    }
}
