using Morgana.Runtime;
using Properties.Programs;

namespace Properties;

/// <summary>Runs the program that is asked for.</summary>
public sealed class PropertiesUnikernel(
    Stream console,
    TimeProvider clock,
    string program,
    string text,
    long number,
    int slack
) : IUnikernel
{
    /// <inheritdoc/>
    public async Task<int> RunAsync()
    {
        Probe probe = new(console, clock, text, number, slack);
        switch (program)
        {
            case "abort":
                return Abort.Run(probe);
            case "arguments":
                return Arguments.Run(probe);
            case "console":
                return Consoles.Run(probe);
            case "divide":
                return Divide.Run(probe);
            case "execute-data":
                return ExecuteData.Run(probe);
            case "execute-stack":
                return ExecuteStack.Run(probe);
            case "exit-code":
                return (int)number;
            case "floating-point":
                return FloatingPoint.Run(probe);
            case "globals":
                return Globals.Run(probe);
            case "memory":
                return Memories.Run(probe);
            case "memory-uncaught":
                return MemoryUncaught.Run(probe);
            case "read-null":
                return ReadNull.Run(probe);
            case "read-null-uncaught":
                return ReadNullUncaught.Run(probe);
            case "sleep":
                return await Sleep.RunAsync(probe);
            case "stack-overflow":
                return StackOverflow.Run(probe);
            case "stack-overflow-in-thread":
                return StackOverflowInThread.Run(probe);
            case "thread-local":
                return ThreadLocals.Run(probe);
            case "time":
                return Times.Run(probe);
            case "uncaught":
                return Uncaught.Run(probe);
            case "write-constant":
                return WriteConstant.Run(probe);
            case "write-text":
                return WriteText.Run(probe);
            default:
                probe.Say($"there is no program '{program}'");
                return 64;
        }
    }
}
