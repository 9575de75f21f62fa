using System.Text.RegularExpressions;

namespace Morgana.Build.Diagnostics;

/// <summary>A symbol that a link did not find.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Referrers">The functions that want it, as far as the linker names them.</param>
public sealed partial record UndefinedSymbol(string Name, IReadOnlyList<string> Referrers)
{
    /// <summary>The undefined symbols in what ld.lld printed, in its order; none when it failed for another reason.</summary>
    public static IReadOnlyList<UndefinedSymbol> Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        List<(string Name, List<string> Referrers)> found = [];
        foreach (string line in output.Split('\n'))
        {
            Match undefined = Undefined().Match(line);
            if (undefined.Success)
            {
                found.Add((undefined.Groups["name"].Value, []));
            }
            else if (
                found.Count > 0
                && line.StartsWith(">>>", StringComparison.Ordinal)
                && Referrer().Match(line) is { Success: true } referrer
                && !found[^1].Referrers.Contains(referrer.Groups["function"].Value)
            )
            {
                found[^1].Referrers.Add(referrer.Groups["function"].Value);
            }
        }

        return [.. found.Select(f => new UndefinedSymbol(f.Name, f.Referrers))];
    }

    [GeneratedRegex(
        @"error: undefined symbol: (?<name>.+?)\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Undefined();

    // "managed.o:(function)", "x.c.o:(function) in archive y.a", with or without "referenced by" before it.
    [GeneratedRegex(
        @"\.o:\((?:(?:\.text|__managedcode)\.?)?(?<function>[^()+]+?)(?:\+0x[0-9a-f]+)?\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Referrer();
}
