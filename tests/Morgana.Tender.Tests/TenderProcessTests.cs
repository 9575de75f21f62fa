using System.Text;
using Morgana.Elf;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

/// <summary>The whole way: command line, stub, filter, guest.</summary>
public sealed class TenderProcessTests
{
    private const int KilledBySeccomp = 128 + 31;
    private const int KilledBySegmentation = 128 + 11;
    private const int Successful = 0;
    private const ulong BootInfo = 0x11000;

    private static ElfImageWriter Guest(GuestCode code, string data = "") =>
        TestImage.Guest(code, [.. Encoding.ASCII.GetBytes(data), 0]).With();

    private static (int Code, string Output, string Error) Run(GuestCode code, string data = "") =>
        TenderProcess.Run(Guest(code, data));

    private static void Killed(GuestCode code) =>
        Assert.Equal((KilledBySeccomp, "", ""), Run(code.Exit(0)));

    [Fact]
    public void A_guest_says_hello_and_ends() =>
        Assert.Equal(
            (Successful, "hello\n", ""),
            Run(new GuestCode().Write(GuestCode.Data, 6).Exit(0), "hello\n")
        );

    [Fact]
    public void The_exit_code_is_the_guests() =>
        Assert.Equal((42, "", ""), Run(new GuestCode().Exit(42)));

    [Fact]
    public void The_arguments_arrive_as_one_line()
    {
        // The command line's address is the third word of the boot information: mov rsi, [0x11010].
        GuestCode code = new GuestCode()
            .Raw(0x48, 0x8b, 0x34, 0x25, 0x10, 0x10, 0x01, 0x00)
            .Raw(0xbf, 1, 0, 0, 0, 0xba, 7, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0x0f, 0x05)
            .Exit(0);
        Assert.Equal(
            (Successful, "--x=1 y", ""),
            TenderProcess.Run(Guest(code), arguments: ["--x=1", "y"])
        );
    }

    [Fact]
    public void Registers_are_clean_but_for_the_argument_and_the_stack()
    {
        // Ends with 0 only if rdi is the boot information, rsp the end of memory - 8, and all others together are 0.
        GuestCode code = new GuestCode()
            .Raw(
                0x48,
                0x09,
                0xd8,
                0x48,
                0x09,
                0xc8,
                0x48,
                0x09,
                0xd0,
                0x48,
                0x09,
                0xf0,
                0x48,
                0x09,
                0xe8
            ) // or rax, rbx rcx rdx rsi rbp
            .Raw(0x4c, 0x09, 0xc8, 0x4c, 0x09, 0xd0, 0x4c, 0x09, 0xd8, 0x4c, 0x09, 0xe0) // r9 r10 r11 r12
            .Raw(0x4c, 0x09, 0xe8, 0x4c, 0x09, 0xf0, 0x4c, 0x09, 0xf8) // r13 r14 r15
            .Raw(0x48, 0x81, 0xef, 0x00, 0x10, 0x01, 0x00, 0x48, 0x09, 0xf8) // sub rdi, 0x11000; or rax, rdi
            .Raw(0x48, 0x81, 0xec, 0xf8, 0xff, 0xff, 0x00, 0x48, 0x09, 0xe0) // sub rsp, 0xfffff8; or rax, rsp
            .Raw(0x48, 0x89, 0xc7, 0xb8, 231, 0, 0, 0, 0x0f, 0x05); // exit_group(rax)
        Assert.Equal((Successful, "", ""), Run(code));
    }

    [Fact]
    public void Scratch_memory_of_the_stub_is_wiped()
    {
        // Console: the 128 KiB where the filter and the stub's last stack were.
        (int exit, string output, string error) = Run(
            new GuestCode().Write(0x20000, 0x20000).Exit(0)
        );
        Assert.Equal((Successful, ""), (exit, error));
        Assert.Equal(0x20000, output.Length);
        Assert.True(output.All(c => c == 0));
    }

    [Fact]
    public void A_system_call_without_a_rule_kills() => Killed(new GuestCode().Call(39)); // getpid

    [Fact]
    public void Writing_to_standard_error_kills() =>
        Killed(new GuestCode().Call(1, 2, GuestCode.Data, 1));

    [Fact]
    public void Reading_standard_input_kills() =>
        Killed(new GuestCode().Call(0, 0, GuestCode.Data, 1));

    [Fact]
    public void Opening_a_file_kills() => Killed(new GuestCode().Call(2, GuestCode.Data, 0, 0));

    [Fact]
    public void Mapping_memory_kills() =>
        Killed(new GuestCode().Call(9, 0, 4096, 7, 0x22, ulong.MaxValue, 0));

    [Fact]
    public void Making_the_heap_executable_kills() =>
        Killed(new GuestCode().Call(10, 0x300000, 4096, 7));

    [Fact]
    public void A_guard_page_that_was_not_granted_kills() =>
        Killed(new GuestCode().Call(10, 0x300000, 4096, 0));

    [Fact]
    public void The_system_calls_of_32_bits_kill() =>
        Killed(new GuestCode().Raw(0xb8, 1, 0, 0, 0, 0xcd, 0x80));

    [Fact]
    public void Code_cannot_be_written() =>
        Assert.Equal(
            (KilledBySegmentation, "", ""),
            Run(new GuestCode().Store(GuestCode.Base).Exit(0))
        );

    [Fact]
    public void Data_cannot_be_executed() =>
        Assert.Equal(
            (KilledBySegmentation, "", ""),
            Run(new GuestCode().Raw(0xb8, 0, 0, 0x20, 0, 0xff, 0xe0), "\u0001") // mov eax, Data; jmp rax
        );

    [Fact]
    public void The_heap_cannot_be_executed() =>
        Assert.Equal(
            (KilledBySegmentation, "", ""),
            Run(new GuestCode().Raw(0xb8, 0, 0, 0x80, 0, 0xff, 0xe0))
        );

    [Theory]
    [InlineData(0)]
    [InlineData(0x1000)]
    [InlineData(0xfff8)]
    [InlineData(16 << 20)]
    public void Nothing_is_mapped_around_guest_memory(ulong address) =>
        Assert.Equal((KilledBySegmentation, "", ""), Run(new GuestCode().Load(address).Exit(0)));

    [Fact]
    public void Zeroes_follow_the_bytes_of_a_segment()
    {
        (int exit, string output, _) = Run(
            new GuestCode().Write(GuestCode.Data, 0x10000).Exit(0),
            "abc"
        );
        Assert.Equal(Successful, exit);
        Assert.Equal("abc" + new string('\0', 0x10000 - 3), output);
    }

    [Fact]
    public void A_read_only_segment_that_is_mapped_in_part_has_its_bytes_and_then_zeroes()
    {
        // 5000 bytes: a page from the file, a part of a page that is read; then zeroes, not what follows in the file.
        byte[] content = [.. Enumerable.Range(0, 5000).Select(i => (byte)('a' + i % 26))];
        ElfImageWriter image = TestImage
            .Empty()
            .Load(
                TestImage.Code,
                GuestCode.Base,
                new GuestCode().Write(0x180000, 0x3000).Exit(0).Bytes
            )
            .Load(ElfSegmentFlags.Read, 0x180000, content, memorySize: 9000)
            .Load(TestImage.Data, GuestCode.Data, [.. Enumerable.Repeat((byte)'!', 100)])
            .With();
        (int code, string output, string error) = TenderProcess.Run(image);
        Assert.Equal((Successful, ""), (code, error));
        Assert.Equal(Encoding.ASCII.GetString(content) + new string('\0', 0x3000 - 5000), output);
    }

    [Fact]
    public void Standard_error_is_closed_before_the_guest_runs_and_the_timer_wakes_it()
    {
        // epoll_pwait(epollfd, buffer, 1, -1): nothing is in the set but the timer, which is not set: it waits for ever.
        GuestCode code = new GuestCode()
            .Write(GuestCode.Data, 1)
            .Raw(0x8b, 0x3c, 0x25, 0x20, 0x10, 0x01, 0x00) // mov edi, [0x11020]
            .Raw(0xbe, 0x00, 0x01, 0x20, 0x00, 0xba, 1, 0, 0, 0) // mov esi, Data + 256; mov edx, 1
            .Raw(0x49, 0xc7, 0xc2, 0xff, 0xff, 0xff, 0xff, 0x45, 0x31, 0xc0, 0x45, 0x31, 0xc9) // r10 = -1, r8 = r9 = 0
            .Raw(0xb8, 0x19, 1, 0, 0, 0x0f, 0x05)
            .Exit(1);
        using TenderProcess tender = TenderProcess.Start(Guest(code, "."), "--mem=16");
        Assert.Equal('.', (char)tender.Process.StandardOutput.Read());

        // Its end is closed: the end of the file, while the guest lives.
        Assert.Equal("", tender.Process.StandardError.ReadToEnd());
        Assert.False(tender.Process.HasExited);
        Assert.Equal("guest.spt", File.ReadAllText($"/proc/{tender.Process.Id}/comm").Trim());
        string status = File.ReadAllText($"/proc/{tender.Process.Id}/status");
        Assert.Matches(@"(?m)^NoNewPrivs:\s+1$", status);
        Assert.Matches(@"(?m)^Seccomp:\s+2$", status);
        Assert.Matches(@"(?m)^CapEff:\s+0+$", status);
        Assert.Matches(@"(?m)^CapPrm:\s+0+$", status);
        Assert.Matches(@"(?m)^SigBlk:\s+0+$", status);
        Assert.Matches(@"(?m)^Threads:\s+1$", status);

        // .NET ignores SIGPIPE (bit 12); the guest does not inherit that.
        ulong ignored = Convert.ToUInt64(
            status
                .Split('\n')
                .Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..]
                .Trim(),
            16
        );
        Assert.Equal(0UL, ignored & 1UL << 12);
    }

    [Fact]
    public void A_block_device_is_read_and_written_in_whole_blocks_only()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. new byte[512], .. Enumerable.Repeat((byte)'x', 512)]);
            string[] options = ["--mem=16", $"--block:disk={path}"];

            // The descriptor stands in the manifest: entry 1 at 0x11028 + 8 + 104, at its offset 88.
            int field = 0x11028 + 8 + 104 + 88;
            byte[] loadDescriptor =
            [
                0x8b,
                0x3c,
                0x25,
                (byte)field,
                (byte)(field >> 8),
                (byte)(field >> 16),
                0,
            ];
            GuestCode Block(byte call, ulong size, ulong offset) =>
                new GuestCode()
                    .Raw(loadDescriptor)
                    .Raw(0xbe, 0x00, 0x01, 0x20, 0x00) // mov esi, Data + 256
                    .Raw(0xba, (byte)size, (byte)(size >> 8), 0, 0) // mov edx, size
                    .Raw(0x41, 0xba, (byte)offset, (byte)(offset >> 8), 0, 0) // mov r10d, offset
                    .Raw(0xb8, call, 0, 0, 0, 0x0f, 0x05);
            (int, string, string) Start(GuestCode code) =>
                TenderProcess.Run(
                    TestImage.Guest(code).With(new ManifestDevice("disk", DeviceType.BlockBasic)),
                    options
                );

            Assert.Equal(
                (0, "xxxx", ""),
                Start(Block(17, 512, 512).Write(GuestCode.Data + 256, 4).Exit(0))
            );
            Assert.Equal((0, "", ""), Start(Block(18, 512, 512).Exit(0)));
            Assert.Equal(new byte[1024], File.ReadAllBytes(path));
            Assert.Equal(KilledBySeccomp, Start(Block(17, 511, 0).Exit(0)).Item1);
            Assert.Equal(KilledBySeccomp, Start(Block(17, 512, 513).Exit(0)).Item1);
            Assert.Equal(KilledBySeccomp, Start(Block(18, 512, 1024).Exit(0)).Item1);
            Assert.Equal(1024, new FileInfo(path).Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Refusals_go_to_standard_error_with_status_1()
    {
        (int code, string output, string error) = TenderProcess.Run(
            TestImage
                .Guest(new GuestCode().Exit(0))
                .With(new ManifestDevice("net", DeviceType.NetBasic))
        );
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("morgana-spt: ", error);
        Assert.Contains("Device 'net' of type NET_BASIC declared but not attached", error);
    }

    [Fact]
    public void More_memory_than_the_host_gives_is_the_stubs_own_message()
    {
        // 256 GiB; the kernel refuses obvious overcommitment, unless it was told to allow all.
        (int code, _, string error) = TenderProcess.Run(
            Guest(new GuestCode().Exit(0)),
            ["--mem=262144"]
        );
        if (File.ReadAllText("/proc/sys/vm/overcommit_memory").Trim() == "1")
        {
            Assert.Equal((Successful, ""), (code, error));
        }
        else
        {
            Assert.Equal(1, code);
            Assert.Contains(
                "mapping the guest's memory failed: not enough memory on the host; give a smaller --mem",
                error
            );
        }
    }

    [Fact]
    public void The_filter_is_explained_on_request()
    {
        (int code, string output, string error) = TenderProcess.Run(
            Guest(new GuestCode().Exit(0)),
            environment: ("MORGANA_SPT_EXPLAIN", "1")
        );
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("write(arg0 == 0x1): solo5_console_write", error);
        Assert.Contains("exit_group(): ", error);
    }

    [Fact]
    public void Help_and_version_are_solo5_spts()
    {
        var error = new StringWriter();
        Assert.Equal(1, SptTender.Run(["--help"], error));
        Assert.StartsWith(
            "usage: morgana-spt [ CORE OPTIONS ] [ -- ] KERNEL [ ARGS ]\n",
            error.ToString()
        );
        error = new StringWriter();
        Assert.Equal(0, SptTender.Run(["--version"], error));
        Assert.Matches("^morgana-spt tender, version .*\nABI version 2\n$", error.ToString());
        error = new StringWriter();
        Assert.Equal(1, SptTender.Run(["--bogus", "x"], error));
        Assert.StartsWith("morgana-spt: Invalid option: '--bogus'\nusage: ", error.ToString());
        error = new StringWriter();
        Assert.Equal(1, SptTender.Run(["/nonexistent/image"], error));
        Assert.StartsWith(
            "morgana-spt: /nonexistent/image: Could not open: No such file or directory",
            error.ToString()
        );
    }
}
