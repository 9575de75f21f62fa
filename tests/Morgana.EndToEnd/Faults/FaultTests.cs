using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Faults;

/// <summary>What a user sees of an image that goes wrong: always a message that says why, and a code that is not 0.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task An_unhandled_exception_is_shown_with_its_type_and_message()
    {
        ProcessResult result = await FailsAsync("throw");
        Assert.Contains(
            "Unhandled exception. System.InvalidOperationException:",
            Text(result),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_null_dereference_is_a_NullReferenceException()
    {
        ProcessResult result = await FailsAsync("null");
        Assert.Contains("System.NullReferenceException", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_division_by_zero_is_a_DivideByZeroException()
    {
        ProcessResult result = await FailsAsync("divide");
        Assert.Contains("System.DivideByZeroException", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_overflow_is_named()
    {
        ProcessResult result = await FailsAsync("stack");
        Assert.Contains("stack overflow", Text(result), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Exhausted_memory_is_named()
    {
        ProcessResult result = await FailsAsync("memory");
        string text = Text(result);
        Assert.True(
            text.Contains("OutOfMemoryException", StringComparison.Ordinal)
                || text.Contains("out of memory", StringComparison.OrdinalIgnoreCase),
            text
        );
    }

    [Fact]
    public async Task A_chosen_exit_code_arrives()
    {
        ProcessResult result = await RunAsync("exit", "7");
        Assert.Equal(7, result.Code);
    }

    private static async Task<ProcessResult> FailsAsync(string fault)
    {
        ProcessResult result = await RunAsync(fault);
        Assert.True(result.Code != 0, $"The image ended with code 0:\n{Text(result)}");
        return result;
    }

    private static Task<ProcessResult> RunAsync(params string[] arguments) =>
        Unikernel.RunAsync(Repository.Image("tests/Images/faults", "faults"), arguments);

    private static string Text(ProcessResult result) => result.Output + result.Errors;
}
