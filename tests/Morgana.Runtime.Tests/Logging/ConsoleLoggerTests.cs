using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging;

namespace Morgana.Runtime.Tests;

public partial class ConsoleLoggerTests
{
    private readonly ChunkStream _console = new();

    private ILogger Logger(string source, string levels = "trace") =>
        new ConsoleLoggerFactory(
            _console,
            new FixedClock(),
            LogLevels.Parse(levels, null)
        ).CreateLogger(source);

    [Fact]
    public void A_line_has_time_level_source_and_message()
    {
        Logger("dns.resolver").LogInformation("asked {Server} {Times} times", "198.41.0.4", 3);
        Assert.Equal(
            ["2026-11-22T17:00:01.123Z INF [dns.resolver] asked 198.41.0.4 3 times\n"],
            _console.Writes
        );
    }

    [Theory]
    [InlineData(LogLevel.Trace, "TRC")]
    [InlineData(LogLevel.Debug, "DBG")]
    [InlineData(LogLevel.Information, "INF")]
    [InlineData(LogLevel.Warning, "WRN")]
    [InlineData(LogLevel.Error, "ERR")]
    [InlineData(LogLevel.Critical, "CRT")]
    public void Each_level_has_three_letters(LogLevel level, string letters)
    {
        Logger("a").Log(level, "x");
        Assert.Contains($"Z {letters} [a] x\n", _console.Writes.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_are_those_of_the_source()
    {
        ILogger logger = Logger("dns.cache", "*:trace,dns:warning");
        Assert.False(logger.IsEnabled(LogLevel.Information));
        Assert.True(logger.IsEnabled(LogLevel.Warning));
        Assert.False(logger.IsEnabled(LogLevel.None));
        logger.LogInformation("quiet");
        logger.Log(LogLevel.None, "never");
        Assert.Empty(_console.Writes);
    }

    [Fact]
    public void Nothing_speaks_at_none()
    {
        Logger("a", "none").LogCritical("quiet");
        Assert.Empty(_console.Writes);
    }

    [Fact]
    public void An_exception_follows_indented_in_the_same_write()
    {
        Exception caught;
        try
        {
            throw new InvalidOperationException("first\nsecond");
        }
        catch (InvalidOperationException e)
        {
            caught = e;
        }

        Logger("a").LogError(caught, "failed");
        string[] lines = _console.Writes.Single().TrimEnd('\n').Split('\n');
        Assert.EndsWith("ERR [a] failed", lines[0], StringComparison.Ordinal);
        Assert.Equal("  System.InvalidOperationException: first", lines[1]);
        Assert.Equal("  second", lines[2]);
        Assert.All(lines[1..], line => Assert.StartsWith("  ", line, StringComparison.Ordinal));
        Assert.Contains("ConsoleLoggerTests", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_cannot_forge_a_line_or_command_the_terminal()
    {
        Logger("a").LogInformation("{Name}", "x\r\n2026 CRT [b] \u001b[31m\u009b\u007f\0\ty\n");
        Assert.Equal(
            ["2026-11-22T17:00:01.123Z INF [a] x\n  2026 CRT [b] \\x1b[31m\\x9b\\x7f\\x00\ty\n"],
            _console.Writes
        );
    }

    [Fact]
    public void Any_message_is_one_write_of_whole_lines_without_control_characters() =>
        Gen.String.Sample(
            message =>
            {
                ChunkStream console = new();
                new ConsoleLoggerFactory(console, new FixedClock(), LogLevels.All(LogLevel.Trace))
                    .CreateLogger("a")
                    .LogInformation("{Message}", message);
                string written = console.Writes.Single();
                Assert.EndsWith("\n", written, StringComparison.Ordinal);
                Assert.DoesNotContain(written, c => char.IsControl(c) && c is not ('\n' or '\t'));
                Assert.All(
                    written.TrimEnd('\n').Split('\n').Skip(1),
                    line => Assert.StartsWith("  ", line, StringComparison.Ordinal)
                );
            },
            iter: 2000
        );

    [Fact]
    public void A_level_that_is_off_allocates_nothing()
    {
        ILogger logger = Logger("net", "warning");
        Dropped(logger, 1, "warm up");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Dropped(logger, i, "packet");
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(_console.Writes);
    }

    [Fact]
    public void One_source_has_one_logger()
    {
        using ConsoleLoggerFactory factory = new(
            _console,
            new FixedClock(),
            LogLevels.All(LogLevel.Trace)
        );
        Assert.Same(factory.CreateLogger("a"), factory.CreateLogger("a"));
        Assert.NotSame(factory.CreateLogger("a"), factory.CreateLogger("b"));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "dropped {Number} {Reason}")]
    private static partial void Dropped(ILogger logger, int number, string reason);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            new(2026, 11, 22, 17, 0, 1, 123, 999, TimeSpan.Zero);
    }

    /// <summary>Keeps each write by itself.</summary>
    private sealed class ChunkStream : MemoryStream
    {
        public List<string> Writes { get; } = [];

        public override void Write(ReadOnlySpan<byte> buffer) =>
            Writes.Add(Encoding.UTF8.GetString(buffer));
    }
}
