using System.Text;

namespace Morgana.Workspace.Steps;

/// <summary>Splits arguments that are written in one line, the same on every system: spaces part them, double quotes keep them together, <c>""</c> inside quotes is one quote.</summary>
internal static class CommandLine
{
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> arguments = [];
        StringBuilder current = new();
        bool quoted = false;
        bool begun = false;
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '"')
            {
                if (quoted && at + 1 < text.Length && text[at + 1] == '"')
                {
                    _ = current.Append('"');
                    at++;
                }
                else
                {
                    quoted = !quoted;
                }

                begun = true;
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                Flush();
            }
            else
            {
                _ = current.Append(c);
                begun = true;
            }
        }

        Flush();
        return arguments;

        void Flush()
        {
            if (begun)
            {
                arguments.Add(current.ToString());
                _ = current.Clear();
                begun = false;
            }
        }
    }

    /// <summary>Writes arguments so that <see cref="Split"/> reads them back.</summary>
    public static string Join(IEnumerable<string> arguments) =>
        string.Join(
            ' ',
            arguments.Select(argument =>
                argument.Length > 0
                && !argument.Contains('"', StringComparison.Ordinal)
                && !argument.Any(char.IsWhiteSpace)
                    ? argument
                    : $"\"{argument.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            )
        );
}
