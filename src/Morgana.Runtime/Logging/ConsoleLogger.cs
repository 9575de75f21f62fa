using Microsoft.Extensions.Logging;

namespace Morgana.Runtime;

/// <summary>The logger of one source.</summary>
internal sealed class ConsoleLogger(string source, LogLevel lowest, LogLineWriter writer) : ILogger
{
    // Scopes would cost memory at every call and have no place in the line: they are accepted and dropped.
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            writer.Write(logLevel, source, formatter(state, exception), exception);
        }
    }
}
