using System.Globalization;
using Morgana.Elf;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Unix;

/// <summary>Images that are ordinary Linux programs, on x86-64 and, emulated, on arm64.</summary>
public sealed class UnixImageTests
{
    private const int Aborted = 255;
    private const int Usage = 64;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hello_prints_its_line_and_ends_well(bool arm64)
    {
        ProcessResult result = await UnixProgram.RunAsync(Hello(arm64));
        Assert.True(result.Code == 0, result.Output + result.Errors);
        Assert.Equal("Hello from Morgana\n", result.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_image_is_a_static_program_with_no_memory_both_writable_and_executable(
        bool arm64
    )
    {
        string path = Hello(arm64)[^1];
        var file = ElfFile.Read(new MemoryElfSource(path, File.ReadAllBytes(path)));
        ElfSegment[] segments = [.. file.Segments];
        Assert.Equal(arm64 ? ElfMachine.Arm64 : ElfMachine.X64, file.Machine);
        Assert.DoesNotContain(
            segments,
            s => (s.Flags & ElfSegmentFlags.Write) != 0 && (s.Flags & ElfSegmentFlags.Execute) != 0
        );
        // Linux would make the stack executable for a program that says nothing about it (PT_GNU_STACK), and there
        // is no interpreter (PT_INTERP): neither a loader nor the mark of Solo5's images.
        Assert.Contains(segments, s => (uint)s.Type == 0x6474e551);
        Assert.DoesNotContain(segments, s => (uint)s.Type == 3);
        // QEMU's loader, and it may not be the only one, fell over a segment with a part to be zeroed that nobody may write.
        Assert.DoesNotContain(
            segments,
            s =>
                s.Type == ElfSegmentType.Load
                && s.MemorySize > s.FileSize
                && (s.Flags & ElfSegmentFlags.Write) == 0
        );
    }

    [Theory]
    [InlineData("throw", Aborted, "System.InvalidOperationException: the unikernel gave up\n")]
    [InlineData("throw-in-task", Aborted, "System.InvalidOperationException: a task gave up\n")]
    [InlineData("null", 0, "caught NullReferenceException\n")]
    [InlineData("null-uncaught", Aborted, "Unhandled exception. System.NullReferenceException: ")]
    [InlineData("divide", 0, "caught DivideByZeroException\n")]
    [InlineData("stack", Aborted, "stack overflow in thread main\n")]
    [InlineData("stack-in-thread", Aborted, "stack overflow in thread digger\n")]
    [InlineData("memory", 0, "caught OutOfMemoryException after many arrays")]
    [InlineData("memory-uncaught", Aborted, "Unhandled exception. System.OutOfMemoryException: ")]
    [InlineData("native-memory", 0, "caught OutOfMemoryException\n")]
    [InlineData("threads", 0, "thread is the loop's\n")]
    [InlineData("exit", 7, "case exit\n")]
    public async Task What_goes_wrong_shows_itself_as_under_a_tender(
        string fault,
        int code,
        string text
    )
    {
        foreach (bool arm64 in (bool[])[false, true])
        {
            string[] arguments =
                fault == "exit"
                    ? ["--case=exit", string.Create(CultureInfo.InvariantCulture, $"--code={code}")]
                    : [$"--case={fault}"];
            ProcessResult result = await UnixProgram.RunAsync(
                UnixProgram.Words("faults", "tests/Images/faults", arm64),
                arguments
            );
            string shown = result.Output + result.Errors;
            Assert.True(result.Code == code, $"The code is {result.Code}, not {code}:\n{shown}");
            Assert.Contains(text, shown, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--mem=none", "a number of megabytes")]
    [InlineData("--net:service", "--net:NAME=VALUE")]
    [InlineData("--net:nothing=tap0", "no network device of this name")]
    [InlineData("--net:service=@9", "not an open descriptor")]
    [InlineData("--net-mac:service=02:00", "02:00:00:00:00:01")]
    [InlineData("--block:disk=/dev/null", "no block device of this name")]
    [InlineData("--port:53=0", "--port:PORT=HOSTPORT")]
    public async Task A_wrong_device_is_refused_before_the_program_begins(
        string option,
        string part
    )
    {
        ProcessResult result = await RunningProcess.RunAsync(
            UnixProgram.Words("resolver", "unikernels/resolver")[0],
            [option],
            TimeSpan.FromMinutes(1)
        );
        Assert.Equal(Usage, result.Code);
        Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Arguments_arrive_as_they_were_given()
    {
        // Spaces, quotes and backslashes: what the bindings join, the start-up code takes apart.
        const string Odd = "a 'b' \"c\" \\d  e";
        ProcessResult result = await UnixProgram.RunAsync(
            UnixProgram.Words("faults", "tests/Images/faults"),
            "--",
            $"--case={Odd}"
        );
        Assert.Contains(Odd, result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Morgana_run_starts_it_with_its_arguments()
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            [
                "-C",
                Path.Combine(Repository.Root, "tests/Images/faults"),
                "run",
                "-t",
                "unix",
                "--mem",
                "64",
                "--",
                "--case=exit",
                "--code=9",
            ],
            TimeSpan.FromMinutes(2)
        );
        Assert.True(result.Code == 9, result.Output + result.Errors);
    }

    private static string[] Hello(bool arm64) =>
        UnixProgram.Words("hello", "unikernels/hello", arm64);
}
