using System.Text;

namespace Morgana.Build.CSharp;

/// <summary>Arguments as the C# compiler's response files have them: parted by white space, double quotes keep them together and belong to the argument.</summary>
internal static class ResponseText
{
    /// <summary>The arguments of a file's text.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> arguments = [];
        foreach (string line in text.Split('\n'))
        {
            // A comment, as the compiler reads it.
            if (line.AsSpan().TrimStart().StartsWith("#"))
            {
                continue;
            }

            StringBuilder word = new();
            bool quoted = false;
            int backslashes = 0;
            foreach (char c in line)
            {
                if (char.IsWhiteSpace(c) && !quoted)
                {
                    End();
                    continue;
                }

                // An odd number of backslashes before a quote: the quote is a character.
                if (c == '"' && backslashes % 2 == 0)
                {
                    quoted = !quoted;
                }

                backslashes = c == '\\' ? backslashes + 1 : 0;
                _ = word.Append(c);
            }

            End();

            void End()
            {
                if (word.Length > 0)
                {
                    arguments.Add(word.ToString());
                    _ = word.Clear();
                }
            }
        }

        return arguments;
    }
}
