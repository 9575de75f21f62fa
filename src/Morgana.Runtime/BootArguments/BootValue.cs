using System.Globalization;

namespace Morgana.Runtime;

/// <summary>An argument with one value.</summary>
internal sealed class BootValue<T>(
    string name,
    string[] aliases,
    string help,
    BootArgument<T> argument
) : BootOption(name, aliases, help)
    where T : ISpanParsable<T>
{
    public override void Read(List<string> errors)
    {
        if (Given is [string text])
        {
            if (TryParse(Name, text, errors, out T? value))
            {
                argument.Value = value!;
            }
        }
        else if (DefaultText is not null)
        {
            argument.Value = T.Parse(DefaultText, CultureInfo.InvariantCulture);
        }
    }

    internal static bool TryParse(string name, string text, List<string> errors, out T? value)
    {
        try
        {
            // Parse and not TryParse: the type's own message says what a value looks like.
            value = T.Parse(text.AsSpan(), CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            value = default;
            errors.Add(string.Concat(name, "=", text, ": " + e.Message));
            return false;
        }
    }
}
