using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;

namespace Morgana.Runtime;

/// <summary>Puts log lines together in one buffer and writes each with one call.</summary>
internal sealed class LogLineWriter(Stream console, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new(256);

    public void Write(LogLevel level, string source, string message, Exception? exception)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            Stamp();
            _line.Write(
                level switch
                {
                    LogLevel.Trace => "TRC ["u8,
                    LogLevel.Debug => "DBG ["u8,
                    LogLevel.Information => "INF ["u8,
                    LogLevel.Warning => "WRN ["u8,
                    LogLevel.Error => "ERR ["u8,
                    _ => "CRT ["u8,
                }
            );
            Text(source);
            _line.Write("] "u8);
            Text(message);
            _line.Write("\n"u8);
            if (exception is not null)
            {
                _line.Write("  "u8);
                Text(exception.ToString());
                _line.Write("\n"u8);
            }

            console.Write(_line.WrittenSpan);
            console.Flush();
        }
    }

    /// <summary>Writes the time in milliseconds and a space, as in <c>2026-11-22T17:00:01.123Z</c>.</summary>
    private void Stamp()
    {
        const int Milliseconds = 23;
        // The round-trip format has code of its own; any other brings the calendars into the image.
        Span<byte> stamp = _line.GetSpan(32);
        _ = Utf8Formatter.TryFormat(clock.GetUtcNow().UtcDateTime, stamp, out _, 'O');
        "Z "u8.CopyTo(stamp[Milliseconds..]);
        _line.Advance(Milliseconds + 2);
    }

    /// <summary>
    /// Writes text as UTF-8. Lines after the first are indented, and control characters shown as escapes: what comes out
    /// of a packet can neither forge a log line nor command the operator's terminal.
    /// </summary>
    private void Text(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd("\r\n");
        while (!text.IsEmpty)
        {
            int plain = text.IndexOfAnyInRange('\0', '\u001f');
            int c1 = text.IndexOfAnyInRange('\u007f', '\u009f');
            int end = (plain, c1) switch
            {
                (< 0, < 0) => text.Length,
                (< 0, _) => c1,
                (_, < 0) => plain,
                _ => Math.Min(plain, c1),
            };
            _ = Encoding.UTF8.GetBytes(text[..end], _line);
            if (end == text.Length)
            {
                return;
            }

            char control = text[end];
            text = text[(end + 1)..];
            switch (control)
            {
                case '\r' when text is ['\n', ..]:
                    break;
                case '\n':
                    _line.Write("\n  "u8);
                    break;
                case '\t':
                    _line.Write("\t"u8);
                    break;
                default:
                    Span<byte> escape = _line.GetSpan(4);
                    _ = Utf8.TryWrite(
                        escape,
                        CultureInfo.InvariantCulture,
                        $"\\x{(int)control:x2}",
                        out int written
                    );
                    _line.Advance(written);
                    break;
            }
        }
    }
}
