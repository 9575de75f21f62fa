using Morgana.Elf;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Arm64;

/// <summary>Images for arm64, cross-built on this machine and run under an emulator.</summary>
public sealed class Arm64ImageTests
{
    private const int Aborted = 255;

    [Fact]
    public async Task Hello_prints_its_line_and_ends_well()
    {
        ProcessResult result = await EmulatedUnikernel.RunAsync("hello");
        Assert.True(result.Code == 0, result.Output + result.Errors);
        Assert.Equal("Hello from Morgana\n", result.Output);
    }

    [Fact]
    public async Task The_tender_says_that_an_emulated_image_has_no_sandbox()
    {
        ProcessResult result = await EmulatedUnikernel.RunAsync("hello");
        Assert.Contains("WITHOUT A SANDBOX", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_emulator_the_tender_refuses_the_image()
    {
        ProcessResult result = await Unikernel.RunAsync(EmulatedUnikernel.Image("hello"));
        Assert.Equal(1, result.Code);
        Assert.Contains(
            "the image is for AArch64, but this host is x86-64",
            result.Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("faults")]
    [InlineData("resolver")]
    public void The_image_is_for_arm64_and_has_no_memory_both_writable_and_executable(string name)
    {
        byte[] image = File.ReadAllBytes(EmulatedUnikernel.Image(name));
        var file = ElfFile.Read(new MemoryElfSource(name, image));
        Assert.Equal(ElfMachine.Arm64, file.Machine);
        Assert.DoesNotContain(file.Segments.ToArray(), IsWritableAndExecutable);
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
    public async Task What_goes_wrong_shows_itself_as_on_x64(string fault, int code, string text)
    {
        string[] arguments =
            fault == "exit" ? ["--case=exit", $"--code={code}"] : [$"--case={fault}"];
        ProcessResult result = await EmulatedUnikernel.RunAsync("faults", arguments);
        string shown = result.Output + result.Errors;
        Assert.True(result.Code == code, $"The code is {result.Code}, not {code}:\n{shown}");
        Assert.Contains(text, shown, StringComparison.Ordinal);
    }

    private static bool IsWritableAndExecutable(ElfSegment segment) =>
        segment.Type == ElfSegmentType.Load
        && (segment.Flags & ElfSegmentFlags.Write) != 0
        && (segment.Flags & ElfSegmentFlags.Execute) != 0;
}
