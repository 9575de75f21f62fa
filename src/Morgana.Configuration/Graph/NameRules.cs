using System.Text.RegularExpressions;

namespace Morgana.Configuration.Graph;

/// <summary>What names can look like, so that they can stand on a command line, in a file name and in C#.</summary>
internal static partial class NameRules
{
    /// <summary>Names of keys and boot arguments: what follows the two hyphens.</summary>
    public static void CheckOption(string name, string what)
    {
        if (!Option().IsMatch(name))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be the name of a {what}: write lower-case letters, digits and single hyphens, a letter first."
            );
        }
    }

    /// <summary>The name of a unikernel: part of the image's file name.</summary>
    public static void CheckUnikernel(string name)
    {
        if (!Option().IsMatch(name))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be the name of a unikernel: write lower-case letters, digits and single hyphens, a letter first."
            );
        }
    }

    /// <summary>The name of a variable in the generated program.</summary>
    public static void CheckVariable(string name)
    {
        if (!Variable().IsMatch(name))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be the name of a device: write letters and digits, a lower-case letter first."
            );
        }
    }

    /// <summary>The full name of a class, without global:: and without type arguments.</summary>
    public static void CheckClass(string name)
    {
        if (!Class().IsMatch(name))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be the name of a class: write it with its namespace, as in Resolver.ResolverUnikernel."
            );
        }
    }

    /// <summary>The name of a method.</summary>
    public static void CheckMethod(string name)
    {
        if (!Class().IsMatch(name) || name.Contains('.', StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be the name of a method: write it without parentheses, as in Start."
            );
        }
    }

    /// <summary>The name of a device in a Solo5 manifest: 1 to 67 letters and digits (mft_abi.h).</summary>
    public static void CheckSlot(string name)
    {
        if (name.Length is 0 or > 67 || !name.All(char.IsAsciiLetterOrDigit))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be the name of a device in the manifest: write 1 to 67 letters and digits."
            );
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    [GeneratedRegex(@"\A[a-z][A-Za-z0-9]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Class();
}
