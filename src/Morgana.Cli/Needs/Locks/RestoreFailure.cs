using System.Text.RegularExpressions;
using Morgana.Cli.Dotnet;
using NuGet.Versioning;

namespace Morgana.Cli.Needs.Locks;

/// <summary>What NuGet's complaints mean for a unikernel, and what to do about them; for every command that restores packages.</summary>
internal static partial class RestoreFailure
{
    /// <summary>Says what is wrong with the packages; null when NuGet has no part in it.</summary>
    /// <param name="lines">What dotnet printed.</param>
    /// <param name="directory">The folder of the unikernel.</param>
    /// <param name="lockFile">File name of the lock.</param>
    public static CommandException? Explain(
        IEnumerable<string> lines,
        string directory,
        string lockFile
    )
    {
        IReadOnlyList<string> errors =
        [
            .. BuildMessages
                .Errors(lines, directory)
                .Select(e => Code().Match(e))
                .Where(m => m.Success)
                .Select(m => $"{m.Groups["code"].Value} {m.Groups["text"].Value}".TrimEnd())
                .Distinct(),
        ];
        if (errors.Count == 0)
        {
            return null;
        }

        string text = string.Join('\n', errors);
        // A locked restore does not look beyond the lock: what is missing there is "not found", though a source has it.
        IReadOnlyList<string> unlocked =
        [
            .. NotInLock()
                .Matches(text)
                .Where(m =>
                    NuGetVersion.TryParse(m.Groups["least"].Value, out NuGetVersion? least)
                    && NuGetVersion.TryParse(m.Groups["nearest"].Value, out NuGetVersion? nearest)
                    && nearest >= least
                )
                .Select(m =>
                    $"{m.Groups["id"].Value} (>= {m.Groups["least"].Value}) is needed and missing from the lock"
                )
                .Distinct(),
        ];
        return errors switch
        {
            _ when unlocked.Count > 0 => new CommandException(
                ExitCode.LockStale,
                $"{lockFile} does not fit config.cs and the project any more:\n  {string.Join("\n  ", unlocked)}\nIf that is what you want: morgana depends brings the lock in line; look at what changed in it."
            ),
            _ when Has("NU1004") => new CommandException(
                ExitCode.LockStale,
                $"{lockFile} does not fit config.cs and the project any more:\n  "
                    + string.Join(
                        "\n  ",
                        errors
                            .Where(e => e.StartsWith("NU1004", StringComparison.Ordinal))
                            .SelectMany(Difference)
                    )
                    + "\nIf that is what you want: morgana depends brings the lock in line; look at what changed in it."
            ),
            _ when Has("NU1403") => new CommandException(
                ExitCode.LockStale,
                "A package is not the one that "
                    + $"{lockFile} names:\n  "
                    + string.Join(
                        "\n  ",
                        errors
                            .Where(e => e.StartsWith("NU1403 P", StringComparison.Ordinal))
                            .Select(e =>
                                Replaced().Replace(e, "${package}: its content has another hash")
                            )
                    )
                    + "\nSomebody has replaced it. Find out who before going on; morgana depends --update would accept it."
            ),
            _ when Has("NU1301") || Has("NU1801") => new CommandException(
                ExitCode.Missing,
                $"A package source cannot be reached:\n{Indent(text)}\nPackages that are on this machine need no source. Check the network, or name another source in nuget.config (a folder will do)."
            ),
            _ when Has("NU1101") || Has("NU1102") || Has("NU1103") => new CommandException(
                ExitCode.Missing,
                $"A package could not be had:\n{Indent(text)}\nCheck the names and versions in config.cs, and that one of the sources in nuget.config has them."
            ),
            _ when Has("NETSDK1004") || Has("NETSDK1064") => new CommandException(
                ExitCode.Missing,
                "The packages are not on this machine, or no longer: run morgana depends."
            ),
            _ => new CommandException(
                ExitCode.Missing,
                $"The packages could not be restored:\n{Indent(text)}"
            ),
        };

        bool Has(string code) => errors.Any(e => e.StartsWith(code, StringComparison.Ordinal));
    }

    /// <summary>What differs between lock and project, from NuGet's sentence.</summary>
    internal static IEnumerable<string> Difference(string error)
    {
        string text = Advice().Replace(error["NU1004".Length..].Trim(), "").Trim();
        if (Lists().Match(text) is { Success: true } lists)
        {
            SortedDictionary<string, string> locked = Names(lists.Groups["locked"].Value, ":");
            SortedDictionary<string, string> wanted = Names(lists.Groups["wanted"].Value, " ");
            return
            [
                .. wanted
                    .Where(w => !locked.ContainsKey(w.Key))
                    .Select(w => $"{w.Key} ({w.Value}) is needed and missing from the lock"),
                .. locked
                    .Where(l => !wanted.ContainsKey(l.Key))
                    .Select(l => $"{l.Key} ({l.Value}) is in the lock and no longer needed"),
            ];
        }

        return Changed().Match(text) is { Success: true } changed
            ?
            [
                $"{changed.Groups["id"].Value}: the lock has {changed.Groups["from"].Value}, needed is {changed.Groups["to"].Value}",
            ]
            : [text];
    }

    private static SortedDictionary<string, string> Names(string list, string separator)
    {
        SortedDictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (Match item in Item().Matches(list))
        {
            string text = item.Value.Trim();
            int end = text.IndexOf(separator, StringComparison.Ordinal);
            if (end > 0)
            {
                names[text[..end]] = text[(end + 1)..].Trim();
            }
        }

        return names;
    }

    private static string Indent(string text) =>
        "  " + text.ReplaceLineEndings("\n").Replace("\n", "\n  ", StringComparison.Ordinal);

    [GeneratedRegex(
        @"error (?<code>NU\d{4}|NETSDK1004|NETSDK1064)\s*:\s*(?<text>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Code();

    [GeneratedRegex(
        @"NU1102 Unable to find package (?<id>\S+) with version \(>= (?<least>[^)]+)\)(\nNU1102 [^\n]*?)*?Nearest version: (?<nearest>\S+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex NotInLock();

    [GeneratedRegex(
        @"\s*The packages lock file is inconsistent with the project dependencies.*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Advice();

    [GeneratedRegex(
        @"Lock file's package references:(?<locked>.*?),? project's package references:(?<wanted>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Lists();

    [GeneratedRegex(
        @"^The package reference (?<id>\S+) version has changed from (?<from>\S.*?\S) to (?<to>.*?)\.?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Changed();

    // A name, and a version or a range; ranges have commas of their own.
    [GeneratedRegex(
        @"(?<=^|,)\s*[^\s,:]+(:\s*|\s+(>= )?)([\[(][^\])]*[\])]|[^,\s]+)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Item();

    [GeneratedRegex(
        @"^NU1403 Package content hash validation failed for (?<package>\S+?)\. .*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Replaced();
}
