using System.Text.RegularExpressions;
using Morgana.EndToEnd.Processes;
using Morgana.Rig;
using Morgana.Rig.Guest;

namespace Morgana.EndToEnd.Hardware.Traps.Arm64;

/// <summary>
/// What an hvt image does with the arm64 processor that it owns: exceptions arrive with all registers and go back with what a handler
/// changed, its translation tables hold, and whatever else happens ends in a report. The native layer alone, without C#.
/// </summary>
public sealed partial class Arm64TrapTests(Arm64TrapTests.Image image)
    : IClassFixture<Arm64TrapTests.Image>
{
    private const int Aborted = 255;

    /// <summary>The cases of traps_arm64.c, their exit codes and the first lines of what they print, as patterns.</summary>
    public static TheoryData<string, int, string[]> Cases =>
        new()
        {
            {
                "registers",
                0,
                [
                    "signal 11 code 1 address 0x8 registers as they were",
                    "fault address 8, record 46508001 of 528 bytes, then 45535201 of 16, then 0",
                    "continued, flags f",
                ]
            },
            {
                "vectors",
                0,
                [
                    "0 of 32 vector registers changed, control 800000, status 10, the handler saw them: yes",
                ]
            },
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
            { "redirected", 0, ["elsewhere with 5eed, on the program's stack"] },
            {
                "tables",
                0,
                [
                    "memory is translated yes, what can be written is not executed yes, caches on, stack alignment yes",
                    "upper half of the addresses off, top byte counts, stack pointer of EL0",
                    "pages: 0 both written and executed, 0 with wrong rights",
                    "4 guard pages; 16 MiB are mapped and no more",
                ]
            },
            { "write-text", Aborted, ["writing", Access("0x1[0-9a-f]+")] },
            { "write-constant", Aborted, ["writing", Access("0x1[0-9a-f]+")] },
            { "write-boot-information", Aborted, ["writing", Access("0x10000")] },
            { "execute-data", Aborted, ["calling", Execution] },
            { "execute-constant", Aborted, ["calling", Execution] },
            { "execute-heap", Aborted, ["calling", Execution] },
            { "execute-stack", Aborted, ["calling", Execution] },
            { "execute-unaligned", Aborted, ["calling", Execution] },
            { "read-null", Aborted, ["reading", Access(@"\(nil\)")] },
            { "read-tables-of-the-tender", Aborted, ["reading", Access("0x2000")] },
            { "read-behind-memory", Aborted, ["reading", Access("0x1000000")] },
            { "read-far-away", Aborted, ["reading", Access("0x400000000000")] },
            { "read-upper-half", Aborted, ["reading", Access("0xffffff8000100000")] },
            { "read-with-top-byte", Aborted, ["reading", Access("0x1000000000[0-9a-f]{6}")] },
            { "stack", Aborted, ["stack overflow in thread main"] },
            { "stack-in-thread", Aborted, ["stack overflow in thread worker"] },
            {
                "stack-of-exceptions",
                Aborted,
                [
                    @"an exception while the stack for exceptions was full \(syndrome 96000047\): address 0x[0-9a-f]+, instruction 0x1[0-9a-f]+, thread main",
                ]
            },
            { "boot-stack", Aborted, ["writing", Access("0xff0000")] },
            {
                "invalid-instruction",
                Aborted,
                ["invalid instruction: address (0x1[0-9a-f]+), instruction \\1, thread main"]
            },
            {
                "breakpoint",
                Aborted,
                ["breakpoint: address (0x1[0-9a-f]+), instruction \\1, thread main"]
            },
            {
                "system-call",
                Aborted,
                [
                    @"an exception that images have no use for \(syndrome 56000000\): address \(nil\), instruction 0x1[0-9a-f]+, thread main",
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
            string[] report = result.Output.Split('\n')[^10..];
            Assert.All(report[..8], line => Assert.Matches(FourRegisters, line));
            Match instruction = Instruction.Match(report[8]);
            Assert.True(instruction.Success, report[8]);
            Assert.StartsWith(
                $"morgana: stack 0x{instruction.Groups[1].Value.TrimStart('0')}",
                report[9],
                StringComparison.Ordinal
            );
        }
        else if (code == 0)
        {
            Assert.Equal(lines.Length, result.Output.Split('\n').Length);
        }
    }

    [GeneratedRegex(@"\Amorgana:( (x[0-9]{1,2}|fp|lr|sp) {1,2}[0-9a-f]{16}){4}\z")]
    private static partial Regex FourRegisters { get; }

    [GeneratedRegex(@"\Amorgana: pc  ([0-9a-f]{16}) state [0-9a-f]+\z")]
    private static partial Regex Instruction { get; }

    /// <summary>traps_arm64.c.</summary>
    public sealed class Image(SharedRigs rigs)
        : TrapImage(
            rigs,
            RigArchitecture.Arm64,
            "Arm64/traps_arm64.c",
            Cases.Select(data => data.Data.Item1)
        );
}
