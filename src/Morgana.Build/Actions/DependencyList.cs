using System.Text;

namespace Morgana.Build.Actions;

/// <summary>Reads the files that C compilers write for make (<c>-MD</c>): <c>OUTPUT: INPUT INPUT \</c>.</summary>
internal static class DependencyList
{
    /// <summary>The inputs of all rules, each once, in their order.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        List<string> inputs = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        StringBuilder word = new();
        bool before = true;
        for (int at = 0; at <= text.Length; at++)
        {
            char c = at < text.Length ? text[at] : '\n';
            char next = at + 1 < text.Length ? text[at + 1] : '\n';
            if (c == '\\' && next == '\n')
            {
                at++;
                End();
            }
            else if (c == '\\' && next == '\r' && at + 2 < text.Length && text[at + 2] == '\n')
            {
                at += 2;
                End();
            }
            else if (c == '\\' && next is (' ' or '#'))
            {
                _ = word.Append(next);
                at++;
            }
            else if (c == '$' && next == '$')
            {
                _ = word.Append('$');
                at++;
            }
            else if (c is '\n')
            {
                End();
                before = true;
            }
            else if (c is ' ' or '\t' or '\r')
            {
                End();
            }
            else if (before && c == ':' && char.IsWhiteSpace(next))
            {
                // The outputs end here; a colon inside of a path is not followed by a space.
                _ = word.Clear();
                before = false;
            }
            else
            {
                _ = word.Append(c);
            }
        }

        return inputs;

        void End()
        {
            if (word.Length > 0 && !before && seen.Add(word.ToString()))
            {
                inputs.Add(word.ToString());
            }

            _ = word.Clear();
        }
    }
}
