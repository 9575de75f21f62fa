namespace Morgana.Cli.Run.Images;

/// <summary>
/// One <c>NAME=VALUE</c> as given with <c>--net:NAME=TAP</c>, <c>--net NAME=TAP</c> and their like.
/// </summary>
internal sealed record DeviceArgument(string Name, string Value)
{
    /// <summary>Reads <c>NAME=VALUE</c>; both must be there, and NAME must be 1 to 67 letters and digits.</summary>
    public static bool TryParse(string text, out DeviceArgument? argument)
    {
        argument = null;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals is < 1 or > 67 || equals == text.Length - 1)
        {
            return false;
        }

        foreach (char c in text.AsSpan(0, equals))
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        argument = new DeviceArgument(text[..equals], text[(equals + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}={Value}";
}
