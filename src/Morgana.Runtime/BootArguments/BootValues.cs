namespace Morgana.Runtime;

/// <summary>An argument with any number of values.</summary>
internal sealed class BootValues<T>(
    string name,
    string[] aliases,
    string help,
    BootArgument<IReadOnlyList<T>> argument
) : BootOption(name, aliases, help)
    where T : ISpanParsable<T>
{
    public override void Read(List<string> errors)
    {
        List<T> values = new(Given.Count);
        foreach (string text in Given)
        {
            if (BootValue<T>.TryParse(Name, text, errors, out T? value))
            {
                values.Add(value!);
            }
        }

        argument.Value = values;
    }
}
