using System.Buffers;
using System.Text;

namespace Morgana.Runtime;

/// <summary>
/// The rule by which arguments become one command line and arguments again. Tenders join what they are given with single
/// spaces and nothing else (Solo5's do, and ours does what they do), so whoever wants a space, a quote or nothing at all inside a value
/// writes it as <see cref="Quote"/> does: the argument, or the part after the equals sign, between double quotes, with a
/// backslash before a double quote or a backslash. Outside quotes a backslash is an ordinary character.
/// </summary>
public static class BootCommandLine
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" \t\r\n\"");
    private static readonly SearchValues<char> EndsName = SearchValues.Create("= \t\r\n\"");

    /// <summary>Takes a command line apart. Every text has a reading: a quote that is never closed goes to the end.</summary>
    public static List<string> Split(ReadOnlySpan<char> commandLine)
    {
        List<string> arguments = [];
        StringBuilder argument = new();
        bool started = false;
        bool quoted = false;
        for (int i = 0; i < commandLine.Length; i++)
        {
            char c = commandLine[i];
            if (
                quoted
                && c == '\\'
                && i + 1 < commandLine.Length
                && commandLine[i + 1] is '"' or '\\'
            )
            {
                argument.Append(commandLine[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
                started = true;
            }
            else if (!quoted && c is ' ' or '\t' or '\n' or '\r')
            {
                Take();
            }
            else
            {
                argument.Append(c);
                started = true;
            }
        }

        Take();
        return arguments;

        void Take()
        {
            if (started)
            {
                arguments.Add(argument.ToString());
                argument.Clear();
                started = false;
            }
        }
    }

    /// <summary>Writes one argument so that <see cref="Split"/> gives it back, however the tender joins it with others.</summary>
    public static string Quote(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        if (argument.Length > 0 && argument.AsSpan().IndexOfAny(NeedsQuotes) < 0)
        {
            return argument;
        }

        // Options stay readable: --text="two words".
        int equals = argument.StartsWith("--", StringComparison.Ordinal)
            ? argument.AsSpan().IndexOfAny(EndsName)
            : -1;
        string name = equals > 0 && argument[equals] == '=' ? argument[..(equals + 1)] : "";
        string value = argument[name.Length..]
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"{name}\"{value}\"";
    }

    /// <summary>One command line of several arguments, each quoted where needed.</summary>
    public static string Join(IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Select(Quote));
}
