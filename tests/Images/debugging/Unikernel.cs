using System.Runtime.CompilerServices;
using System.Text;
using Morgana.Runtime;

namespace Debugging;

/// <summary>Methods to stop in, and ways to crash. Tests find lines by the comments "line:" in them.</summary>
public sealed class DebuggingUnikernel(Stream console, string which) : IUnikernel
{
    private static bool s_stop;
    private static long s_depth;

    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        Say($"case {which}");
        switch (which)
        {
            case "walk":
                int sum = Outer(2); // line: calls Outer
                Say($"sum {sum}");
                break;
            case "spin":
                Say($"turns {(Spin() > 0 ? "many" : "none")}");
                break;
            case "sleep":
                return SleepAsync();
            case "null":
                InThread(() => Length(which.Length > 100 ? which : null)); // line: calls Length
                break;
            case "throw":
                InThread(() => Throw(which)); // line: calls Throw
                break;
            case "fail":
                Environment.FailFast("enough is enough"); // line: fails
                break;
            case "overflow":
                InThread(() => Overflow(1)); // line: calls Overflow
                break;
        }

        return Task.FromResult(0);
    }

    private void Say(string line) => console.Write(Encoding.UTF8.GetBytes(line + "\n"));

    private static async Task<int> SleepAsync()
    {
        while (!s_stop)
        {
            await Task.Delay(TimeSpan.FromHours(1));
        }

        return 0;
    }

    // What a thread throws meets no handler on its stack: the stack is still there at the end.
    private static void InThread(Action action)
    {
        Thread thread = new(() => action()) { Name = "crasher" };
        thread.Start();
        thread.Join();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Outer(int number)
    {
        int doubled = 2 * number;
        return Inner(doubled) + 1; // line: calls Inner
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Inner(int number)
    {
        int squared = number * number; // line: squares
        int result = squared + 3; // line: adds
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Spin()
    {
        long turns = 0;
        while (!s_stop)
        {
            turns++; // line: spins
        }

        return turns;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Length(string? text)
    {
        s_depth++;
        s_stop = text!.Length > 3; // line: reads null
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw(string text)
    {
        throw new InvalidOperationException(text); // line: throws
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Overflow(long number)
    {
        return Overflow(number + 1) + s_depth++; // line: overflows
    }
}
