namespace Morgana.Configuration.Graph;

/// <summary>A key as data.</summary>
internal sealed record KeyShape
{
    public required string Name { get; init; }

    public required KeyKind Kind { get; init; }

    public required string Help { get; init; }

    /// <summary>The value when none is given, in its one spelling.</summary>
    public required string Default { get; init; }

    /// <summary>The words a value can be; empty when it is free.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Reads a value as the user wrote it.</summary>
    /// <param name="text">From the command line or a saved context.</param>
    /// <param name="value">Its one spelling: "true" for "yes", "8" for "+8" or "08".</param>
    /// <param name="error">What a value must look like, when the text is none.</param>
    public bool TryRead(string text, out string value, out string error)
    {
        value = text;
        error = "";
        switch (Kind)
        {
            case KeyKind.Flag:
                value = text switch
                {
                    "" or "true" or "yes" or "1" => "true",
                    "false" or "no" or "0" => "false",
                    _ => "",
                };
                error = value.Length == 0 ? "write true or false" : "";
                break;
            case KeyKind.Number:
                if (
                    long.TryParse(
                        text,
                        System.Globalization.NumberStyles.AllowLeadingSign,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out long number
                    )
                )
                {
                    value = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }
                else
                {
                    error = "write a whole number of at most 64 bits";
                }

                break;
            case KeyKind.Target:
                string[] targets = TargetList.Split(text);
                value = TargetList.Join(targets);
                error =
                    targets.FirstOrDefault(target => !Choices.Contains(target)) is { } unknown
                        ? $"there is no target '{unknown}'; write one of {string.Join(", ", Choices)}, or several with commas between"
                    : targets.Length == 0 ? $"write one of {string.Join(", ", Choices)}"
                    : "";
                break;
            case KeyKind.OneOf:
                error = Choices.Contains(text) ? "" : $"write one of {string.Join(", ", Choices)}";
                break;
            case KeyKind.Text:
                error = text.Any(char.IsControl) ? "write it without control characters" : "";
                break;
        }

        return error.Length == 0;
    }

    public bool Equals(KeyShape? other) =>
        other is not null
        && (Name, Kind, Help, Default) == (other.Name, other.Kind, other.Help, other.Default)
        && Choices.AsSpan().SequenceEqual(other.Choices);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
