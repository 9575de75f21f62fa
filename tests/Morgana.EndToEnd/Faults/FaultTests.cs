using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Faults;

/// <summary>
/// What a user sees of an image that goes wrong: always a message that says why, and the code 255, which the tender has for
/// an abort. What C# can catch, it catches, and goes on.
/// </summary>
public sealed class FaultTests
{
    private const int Aborted = 255;

    [Fact]
    public async Task An_unhandled_exception_is_shown_with_its_type_message_and_method() =>
        await ShowsAsync(
            "throw",
            Aborted,
            "Unhandled exception. System.InvalidOperationException: the unikernel gave up\n",
            "   at Faults.FaultsUnikernel."
        );

    [Fact]
    public async Task An_unhandled_exception_of_a_task_is_shown_too() =>
        await ShowsAsync(
            "throw-in-task",
            Aborted,
            "Unhandled exception. System.InvalidOperationException: a task gave up\n"
        );

    [Fact]
    public async Task A_null_dereference_arrives_in_CSharp_as_an_exception() =>
        await ShowsAsync("null", 0, "caught NullReferenceException\n");

    [Fact]
    public async Task A_null_dereference_that_nobody_catches_is_shown() =>
        await ShowsAsync(
            "null-uncaught",
            Aborted,
            "Unhandled exception. System.NullReferenceException: "
        );

    [Fact]
    public async Task A_division_by_zero_arrives_in_CSharp_as_an_exception() =>
        await ShowsAsync("divide", 0, "caught DivideByZeroException\n");

    [Fact]
    public async Task A_stack_overflow_is_named_with_its_thread() =>
        await ShowsAsync("stack", Aborted, "stack overflow in thread main\n");

    [Fact]
    public async Task A_stack_overflow_of_another_thread_is_named_with_its_name() =>
        await ShowsAsync("stack-in-thread", Aborted, "stack overflow in thread digger\n");

    [Fact]
    public async Task Exhausted_memory_arrives_in_CSharp_and_what_is_let_go_can_be_used_again() =>
        await ShowsAsync(
            "memory",
            0,
            "caught OutOfMemoryException after many arrays, half as many fit again\n"
        );

    [Fact]
    public async Task Exhausted_memory_that_nobody_catches_is_shown() =>
        await ShowsAsync(
            "memory-uncaught",
            Aborted,
            "Unhandled exception. System.OutOfMemoryException: "
        );

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(254)]
    public async Task A_chosen_exit_code_arrives(int code) =>
        await ShowsAsync("exit", code, "case exit\n", $"--code={code}");

    /// <summary>The image may allocate for ever when it keeps little.</summary>
    [Fact]
    public async Task Many_times_its_memory_passes_through_an_image_of_32_MB()
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Repository.Tender,
            ["--mem=32", Image, "--case=endless"],
            TimeSpan.FromMinutes(2)
        );
        Assert.True(result.Code == 0, result.Output + result.Errors);
        Assert.Contains(
            "allocated more than 500 MB, collections ran\n",
            result.Output,
            StringComparison.Ordinal
        );
    }

    private static string Image => Repository.Image("tests/Images/faults", "faults");

    private static async Task ShowsAsync(string fault, int code, string text, string more = "")
    {
        bool argument = more.StartsWith("--", StringComparison.Ordinal);
        ProcessResult result = await Unikernel.RunAsync(
            Image,
            argument ? [$"--case={fault}", more] : [$"--case={fault}"]
        );
        string shown = result.Output + result.Errors;
        Assert.True(result.Code == code, $"The code is {result.Code}, not {code}:\n{shown}");
        Assert.Contains(text, shown, StringComparison.Ordinal);
        if (!argument)
        {
            Assert.Contains(more, shown, StringComparison.Ordinal);
        }
    }
}
