using Microsoft.Extensions.Logging;

namespace Morgana.Runtime;

/// <summary>
/// Loggers that write lines to the console: <c>2026-11-22T17:00:01.123Z INF [dns.resolver] message</c>. Each line goes out in one
/// write, so lines of several threads never mix.
/// </summary>
public sealed class ConsoleLoggerFactory : ILoggerFactory
{
    private readonly Dictionary<string, ConsoleLogger> _loggers = [];
    private readonly LogLevels _levels;
    private readonly LogLineWriter _writer;

    /// <summary>Loggers on a console.</summary>
    /// <param name="console">Where lines go; not disposed.</param>
    /// <param name="clock">Its wall clock stamps the lines.</param>
    /// <param name="levels">Which sources speak.</param>
    public ConsoleLoggerFactory(Stream console, TimeProvider clock, LogLevels levels)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(levels);
        _levels = levels;
        _writer = new LogLineWriter(console, clock);
    }

    /// <summary>The logger of a source. Names are written with dots and in lower case: <c>dns.resolver</c>.</summary>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        lock (_loggers)
        {
            if (!_loggers.TryGetValue(categoryName, out ConsoleLogger? logger))
            {
                logger = new ConsoleLogger(categoryName, _levels.For(categoryName), _writer);
                _loggers.Add(categoryName, logger);
            }

            return logger;
        }
    }

    /// <summary>Refused: an image logs to its console and nowhere else.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("An image logs to its console and nowhere else.");

    /// <summary>Nothing to do: every line is written at once.</summary>
    public void Dispose() { }
}
