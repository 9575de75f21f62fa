using System.Text.RegularExpressions;

namespace Morgana.Cli.Dotnet;

/// <summary>The errors and warnings in the output of a build, as a person wants them.</summary>
internal static partial class BuildMessages
{
    /// <summary>The error lines, each once, without the project at their end and with paths from <paramref name="directory"/>.</summary>
    public static IReadOnlyList<string> Errors(IEnumerable<string> lines, string directory) =>
        Select(lines, directory, "error");

    /// <summary>The warning lines, in the same way.</summary>
    public static IReadOnlyList<string> Warnings(IEnumerable<string> lines, string directory) =>
        Select(lines, directory, "warning");

    private static List<string> Select(IEnumerable<string> lines, string directory, string level) =>
        [
            .. lines
                .Select(line => Message().Match(line))
                .Where(match => match.Success && match.Groups["level"].Value == level)
                .Select(match => Shorten(match, directory))
                .Distinct(),
        ];

    private static string Shorten(Match match, string directory)
    {
        string origin = match.Groups["origin"].Value.Trim();
        string prefix = Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar;
        if (origin.StartsWith(prefix, StringComparison.Ordinal))
        {
            origin = origin[prefix.Length..];
        }

        string rest = match.Groups["rest"].Value.Trim();
        // Where the SDK's own files call one of its tasks is no place where a user could mend something.
        if (
            rest.StartsWith("MORGANA", StringComparison.Ordinal)
            && origin.Contains(".targets(", StringComparison.Ordinal)
        )
        {
            origin = "";
        }

        return origin.Length > 0
            ? $"{origin}: {match.Groups["level"].Value} {rest}"
            : $"{match.Groups["level"].Value} {rest}";
    }

    [GeneratedRegex(
        @"^\s*(?:(?<origin>\S.*?)\s*:\s+)?(?<level>error|warning)\s*(?<rest>[A-Za-z]*\d*\s*:.*?)(?:\s+\[[^\[\]]+proj(?:::[^\[\]]*)?\])?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Message();
}
