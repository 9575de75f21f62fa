using System.Text.RegularExpressions;
using Morgana.Build.Plans;

namespace Morgana.Build.Actions;

/// <summary>
/// Where a C compiler looked for headers in vain. It tells which files it read, not which it would have preferred: a file that comes to one of these places would be read
/// in place of one that was. There are more of them than the compiler really tried; each costs one question to the file system.
/// </summary>
internal static partial class HeaderSearch
{
    private static readonly string[] FolderOptions = ["-isystem", "-iquote", "-idirafter", "-I"];

    /// <summary>The places, full paths in a fixed order, whether something is there or not; those that the compiler read are not among them.</summary>
    /// <param name="action">The compilation.</param>
    /// <param name="read">Full paths of what it has read besides its inputs.</param>
    /// <param name="folder">Where it ran.</param>
    public static IReadOnlyList<string> Places(
        BuildAction action,
        IReadOnlyList<string> read,
        string folder
    )
    {
        HashSet<string> folders = new(Folders(action.Arguments, folder), StringComparer.Ordinal);
        string[] files = [.. action.Inputs, .. read];
        foreach (string file in files)
        {
            _ = folders.Add(Path.GetDirectoryName(file)!);
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string file in read)
        {
            for (
                string? above = Path.GetDirectoryName(file);
                above is not null;
                above = Path.GetDirectoryName(above)
            )
            {
                if (folders.Contains(above))
                {
                    _ = names.Add(Path.GetRelativePath(above, file));
                }
            }
        }

        foreach (string file in files.Where(File.Exists))
        {
            foreach (Match match in Asked().Matches(File.ReadAllText(file)))
            {
                _ = names.Add(match.Groups["name"].Value);
            }
        }

        HashSet<string> places = new(StringComparer.Ordinal);
        foreach (string place in folders)
        {
            places.UnionWith(names.Select(name => Path.GetFullPath(name, place)));
        }

        places.ExceptWith(files);
        return [.. places.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Folders(IReadOnlyList<string> arguments, string folder)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            foreach (string option in FolderOptions)
            {
                if (!arguments[i].StartsWith(option, StringComparison.Ordinal))
                {
                    continue;
                }

                string named =
                    arguments[i].Length > option.Length ? arguments[i][option.Length..]
                    : i + 1 < arguments.Count ? arguments[i + 1]
                    : "";
                if (named.Length > 0)
                {
                    yield return Path.TrimEndingDirectorySeparator(Path.GetFullPath(named, folder));
                }

                break;
            }
        }
    }

    [GeneratedRegex(
        @"__has_include(_next)?\s*\(\s*[<""](?<name>[^>""\n]+)[>""]",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Asked();
}
