using System.Globalization;
using System.Text;

namespace Morgana.Configuration.Graph;

/// <summary>
/// The C# expression of a device, with a place for each input: <c>new Store({0}, 8)</c>. Only a number in braces is a
/// place, so that braces of C# itself need no doubling.
/// </summary>
internal static class Template
{
    // As many as a device can have, and more.
    private static readonly string[] Unasked = [.. Enumerable.Repeat("", 16)];

    /// <summary>True when the template has the place of this input.</summary>
    public static bool Mentions(string template, int input) =>
        Fill(template, [.. Enumerable.Range(0, input).Select(_ => ""), "\0", .. Unasked])
            .Contains('\0', StringComparison.Ordinal);

    /// <summary>Puts the inputs in their places.</summary>
    /// <exception cref="ConfigurationException">A place for which there is no input.</exception>
    public static string Fill(string template, IReadOnlyList<string> inputs)
    {
        StringBuilder text = new();
        int i = 0;
        while (i < template.Length)
        {
            int end = i + 1;
            while (template[i] == '{' && end < template.Length && char.IsAsciiDigit(template[end]))
            {
                end++;
            }

            if (end == i + 1 || end == template.Length || template[end] != '}')
            {
                text.Append(template[i++]);
                continue;
            }

            if (
                !int.TryParse(
                    template.AsSpan(i + 1, end - i - 1),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int place
                )
                || place >= inputs.Count
            )
            {
                throw new ConfigurationException(
                    $"The expression '{template}' has a place {template[i..(end + 1)]}, but the device has {inputs.Count} inputs, counted from {{0}}."
                );
            }

            text.Append(inputs[place]);
            i = end + 1;
        }

        return text.ToString();
    }
}
