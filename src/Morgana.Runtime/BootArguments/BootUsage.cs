using System.Text;

namespace Morgana.Runtime;

/// <summary>The usage text of an image: two columns, wrapped between words.</summary>
internal static class BootUsage
{
    /// <summary>The console of an image has no width to ask for.</summary>
    private const int Width = 100;

    private const string Gap = "  ";

    public static string Print(string name, string description, List<BootOption> options)
    {
        StringBuilder text = new();
        text.Append("Description:\n");
        foreach (string line in Wrap(description, Width - Gap.Length))
        {
            text.Append(Gap).Append(line).Append('\n');
        }

        text.Append("\nUsage:\n").Append(Gap).Append(name).Append(" [options]\n\nOptions:\n");
        Columns(options, text);
        return text.Append('\n').ToString();
    }

    private static void Columns(List<BootOption> options, StringBuilder text)
    {
        List<string> left = [];
        List<string> right = [];
        int leftWidth = 0;
        int rightWidth = 0;
        foreach (BootOption option in options)
        {
            left.Add(Names(option));
            right.Add(Says(option));
            leftWidth = Math.Max(leftWidth, left[^1].Length);
            rightWidth = Math.Max(rightWidth, right[^1].Length);
        }

        if (leftWidth + rightWidth + (2 * Gap.Length) > Width)
        {
            leftWidth = Math.Min(leftWidth, (Width / 2) - Gap.Length);
            rightWidth = Width - leftWidth - (2 * Gap.Length);
        }

        for (int i = 0; i < left.Count; i++)
        {
            List<string> names = Wrap(left[i], leftWidth);
            List<string> says = Wrap(right[i], rightWidth);
            for (int line = 0; line < Math.Max(names.Count, says.Count); line++)
            {
                string first = line < names.Count ? names[line] : "";
                text.Append(Gap).Append(first);
                if (line < says.Count)
                {
                    text.Append(' ', leftWidth - first.Length).Append(Gap).Append(says[line]);
                }

                text.Append('\n');
            }
        }
    }

    private static string Names(BootOption option)
    {
        StringBuilder text = new();
        foreach (string alias in option.Aliases)
        {
            text.Append(alias).Append(", ");
        }

        text.Append(option.Name);
        if (option.ValueName is not null)
        {
            text.Append(" <").Append(option.ValueName).Append('>');
        }

        return text.Append(option.IsRequired ? " (REQUIRED)" : "").ToString();
    }

    private static string Says(BootOption option) =>
        option.IsRepeatable ? option.Help + " [may be repeated]"
        : option.DefaultText is null ? option.Help
        : string.Concat(option.Help, " [default: ", option.DefaultText, "]");

    /// <summary>Lines of at most <paramref name="width"/> characters; a word that is longer is cut.</summary>
    private static List<string> Wrap(string text, int width)
    {
        List<string> lines = [];
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        while (rest.Length > width)
        {
            int end = rest[..(width + 1)].LastIndexOf(' ');
            int length = end > 0 ? end : width;
            lines.Add(rest[..length].TrimEnd().ToString());
            rest = rest[length..].TrimStart();
        }

        if (!rest.IsEmpty)
        {
            lines.Add(rest.ToString());
        }

        return lines;
    }
}
