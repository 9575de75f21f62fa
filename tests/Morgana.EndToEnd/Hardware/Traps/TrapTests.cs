using System.Text.RegularExpressions;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;

namespace Morgana.EndToEnd.Hardware.Traps;

/// <summary>
/// What an hvt image does with the x86-64 processor that it owns: traps arrive with all registers and go back with what a handler
/// changed, its page tables hold, and whatever else happens ends in a report. The native layer alone, without C#.
/// </summary>
public sealed partial class TrapTests(TrapTests.Image image) : IClassFixture<TrapTests.Image>
{
    private const int Aborted = 255;

    /// <summary>The cases of traps.c, their exit codes and the first lines of what they print, as patterns.</summary>
    public static TheoryData<string, int, string[]> Cases =>
        new()
        {
            {
                "registers",
                0,
                ["signal 11 code 1 address 0x8 trap 14 error 0 registers as they were", "continued"]
            },
            { "vectors", 0, ["0 of 16 vector registers changed, control 3f80, pi kept"] },
            {
                "wide-vectors",
                0,
                ["(no AVX here|0 of 16 vector registers changed, control 3f80, pi kept)"]
            },
            { "red-zone", 0, ["0 of 16 words below the stack pointer changed"] },
            {
                "nested",
                0,
                ["handler 3 returns", "handler 2 returns", "handler 1 returns", "continued"]
            },
            {
                "nested-too-deep",
                Aborted,
                ["faults within faults: the last at instruction 0x1[0-9a-f]+"]
            },
            { "many", 0, ["10000 faults came back"] },
            {
                "tables",
                0,
                [
                    "writes are checked yes, execution is checked yes",
                    "pages: 0 both written and executed, 0 with wrong rights",
                    "7 guard pages; 16 MiB are mapped and no more",
                ]
            },
            { "write-text", Aborted, ["writing", Access("0x1[0-9a-f]+")] },
            { "write-constant", Aborted, ["writing", Access("0x1[0-9a-f]+")] },
            { "write-boot-information", Aborted, ["writing", Access("0x10000")] },
            { "execute-data", Aborted, ["calling", Execution] },
            { "execute-constant", Aborted, ["calling", Execution] },
            { "execute-heap", Aborted, ["calling", Execution] },
            { "execute-stack", Aborted, ["calling", Execution] },
            { "read-null", Aborted, ["reading", Access(@"\(nil\)")] },
            { "read-tables-of-the-tender", Aborted, ["reading", Access("0x2000")] },
            { "read-behind-memory", Aborted, ["reading", Access("0x1000000")] },
            { "read-far-away", Aborted, ["reading", Access("0x400000000000")] },
            { "read-noncanonical", Aborted, ["reading", Access(@"\(nil\)")] },
            { "stack", Aborted, ["stack overflow in thread main"] },
            { "stack-in-thread", Aborted, ["stack overflow in thread worker"] },
            { "boot-stack", Aborted, ["writing", Access("0xff0000")] },
            {
                "divide",
                Aborted,
                ["arithmetic fault: address (0x1[0-9a-f]+), instruction \\1, thread main"]
            },
            {
                "invalid-opcode",
                Aborted,
                ["invalid instruction: address (0x1[0-9a-f]+), instruction \\1, thread main"]
            },
            {
                "breakpoint",
                Aborted,
                [@"breakpoint: address \(nil\), instruction 0x1[0-9a-f]+, thread main"]
            },
            {
                "nmi",
                Aborted,
                [
                    @"non-maskable interrupt \(trap 2, error 0\): instruction 0x1[0-9a-f]+, thread main",
                ]
            },
            {
                "double-fault",
                Aborted,
                [
                    "reading",
                    @"double fault \(trap 8, error 0\): instruction 0x1[0-9a-f]+, thread main",
                ]
            },
        };

    private static string Execution =>
        "invalid memory access: address (0x[0-9a-f]+), instruction \\1, thread main";

    private static string Access(string address) =>
        $"invalid memory access: address {address}, instruction 0x1[0-9a-f]+, thread main";

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Shows(string name, int code, string[] lines)
    {
        ProcessResult result = await image.RunAsync(name);
        Assert.Equal("", result.Errors);
        string expected = string.Join('\n', lines.Select(line => $"morgana: {line}"));
        Assert.Matches($"\\A{expected}", result.Output);
        Assert.Equal(code, result.Code);
        if (code == Aborted && name != "nested-too-deep")
        {
            // The report: all registers, the instruction among them, and the stack.
            string[] report = result.Output.Split('\n')[^6..];
            Assert.All(report[..4], line => Assert.Matches(FourRegisters, line));
            Match instruction = Instruction.Match(report[4]);
            Assert.True(instruction.Success, report[4]);
            Assert.StartsWith(
                $"morgana: stack 0x{instruction.Groups[1].Value.TrimStart('0')}",
                report[5],
                StringComparison.Ordinal
            );
        }
        else if (code == 0)
        {
            Assert.Equal(lines.Length, result.Output.Split('\n').Length);
        }
    }

    /// <summary>
    /// The rig's processor has no AVX, and KVM in it would show none: the same program on the bare machine of virtio, in an emulator that has.
    /// </summary>
    [Fact]
    public async Task Vectors_of_256_bits_survive_a_trap_too()
    {
        DirectoryInfo folder = TemporaryFolder.Create("wide");
        try
        {
            string wide = await NativeImage.BuildAsync(
                TrapImage.Source,
                "x64",
                "virtio",
                folder.FullName
            );
            string qemu = Tool.Find("qemu-system-x86_64", "qemu-system-x86");
            string[] words =
            [
                .. "-M q35 -cpu max -accel tcg -m 16 -nodefaults -display none -no-reboot -serial stdio -append wide-vectors -kernel".Split(
                    ' '
                ),
                wide,
            ];
            await using var machine = RunningProcess.Start(qemu, words);
            _ = await machine.LineAsync(
                "morgana: 0 of 16 vector registers changed, control 3f80, pi kept",
                TimeSpan.FromSeconds(60)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"\Amorgana:( r[a-z0-9]{1,2} {1,2}[0-9a-f]{16}){4}\z")]
    private static partial Regex FourRegisters { get; }

    [GeneratedRegex(@"\Amorgana: rip ([0-9a-f]{16}) flags [0-9a-f]+\z")]
    private static partial Regex Instruction { get; }

    /// <summary>traps.c on x86-64.</summary>
    public sealed class Image(SharedRigs rigs)
        : TrapImage(rigs, RigArchitecture.X64, "traps.c", Cases.Select(data => data.Data.Item1));
}
