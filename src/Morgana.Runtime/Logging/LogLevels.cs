using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Morgana.Runtime;

/// <summary>
/// Which log sources speak from which level on, as the boot argument <c>--logs</c> says it: <c>*:info,dns:debug</c>.
/// A source's rule holds for the sources below it too (<c>dns</c> for <c>dns.resolver</c>); the longest name wins; a level alone
/// is a level for all.
/// </summary>
public sealed class LogLevels : ISpanParsable<LogLevels>
{
    private static readonly string[] Names =
    [
        "trace",
        "debug",
        "info",
        "warning",
        "error",
        "critical",
        "none",
    ];

    private readonly Dictionary<string, LogLevel> _sources;

    private LogLevels(LogLevel others, Dictionary<string, LogLevel> sources)
    {
        Others = others;
        _sources = sources;
    }

    /// <summary>The level of the sources that no rule names.</summary>
    public LogLevel Others { get; }

    /// <summary>One level for all sources.</summary>
    public static LogLevels All(LogLevel level) => new(level, []);

    /// <summary>The lowest level at which <paramref name="source"/> speaks.</summary>
    public LogLevel For(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        for (int length = source.Length; length > 0; length = source.LastIndexOf('.', length - 1))
        {
            if (_sources.TryGetValue(source[..length], out LogLevel level))
            {
                return level;
            }
        }

        return Others;
    }

    /// <inheritdoc/>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out LogLevels result
    ) => TryParse(s, out result, out _);

    /// <inheritdoc/>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out LogLevels result
    ) => TryParse(s.AsSpan(), out result, out _);

    /// <inheritdoc/>
    public static LogLevels Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out LogLevels? result, out string? error)
            ? result
            : throw new FormatException(error);

    /// <inheritdoc/>
    public static LogLevels Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <summary>The rules in the form that they are read in.</summary>
    public override string ToString()
    {
        string[] sources = new string[_sources.Count];
        _sources.Keys.CopyTo(sources, 0);
        Array.Sort(sources, StringComparer.Ordinal);
        StringBuilder text = new();
        text.Append("*:").Append(Names[(int)Others]);
        foreach (string source in sources)
        {
            text.Append(',').Append(source).Append(':').Append(Names[(int)_sources[source]]);
        }

        return text.ToString();
    }

    private static bool TryParse(
        ReadOnlySpan<char> text,
        [NotNullWhen(true)] out LogLevels? result,
        [NotNullWhen(false)] out string? error
    )
    {
        result = null;
        LogLevel others = LogLevel.Information;
        Dictionary<string, LogLevel> sources = [];
        foreach (Range range in text.Split(','))
        {
            ReadOnlySpan<char> rule = text[range].Trim();
            int colon = rule.LastIndexOf(':');
            ReadOnlySpan<char> source = colon < 0 ? "*" : rule[..colon].Trim();
            int level = Level(rule[(colon + 1)..].Trim());
            if (level < 0 || source.IsEmpty)
            {
                error =
                    $"'{rule}' is not a log rule: write SOURCE:LEVEL with * for all sources and a level of {string.Join(", ", Names)}, as in *:info,dns:debug.";
                return false;
            }

            if (source is "*")
            {
                others = (LogLevel)level;
            }
            else
            {
                sources[source.ToString()] = (LogLevel)level;
            }
        }

        result = new LogLevels(others, sources);
        error = null;
        return true;
    }

    private static int Level(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
