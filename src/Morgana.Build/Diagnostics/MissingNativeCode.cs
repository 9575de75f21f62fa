using Morgana.Workspace;

namespace Morgana.Build.Diagnostics;

/// <summary>
/// Says which part of .NET wants a symbol that a link did not find, and where the program uses that part: the linker names only the
/// compiled method that calls the symbol, deep inside .NET.
/// </summary>
public static class MissingNativeCode
{
    /// <summary>The code of its messages; docs/build.md explains it.</summary>
    public const string Code = "MORGANA043";

    private const int MostPlaces = 8;

    /// <summary>A message for each place of the program that uses such a part, or for each part when no place is found.</summary>
    /// <param name="symbols">The symbols that were not found.</param>
    /// <param name="program">The program's assembly, with its debug information beside it.</param>
    /// <param name="references">The other assemblies that were compiled, .NET's own among them.</param>
    /// <param name="folder">The unikernel's folder.</param>
    public static IReadOnlyList<WorkspaceMistake> Explain(
        IReadOnlyList<UndefinedSymbol> symbols,
        string program,
        IReadOnlyList<string> references,
        string folder
    )
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(references);
        // An entry point is what .NET calls: the symbol itself, or the function of .NET's own C library that calls it.
        Dictionary<string, string> wanted = new(StringComparer.Ordinal);
        foreach (UndefinedSymbol symbol in symbols)
        {
            wanted[symbol.Name] = symbol.Name;
            foreach (string referrer in symbol.Referrers)
            {
                _ = wanted.TryAdd(referrer, symbol.Name);
            }
        }

        Dictionary<string, HashSet<string>> importers = new(StringComparer.Ordinal);
        Dictionary<string, string[]> graph = new(StringComparer.Ordinal);
        List<string> others = [];
        foreach (string reference in references)
        {
            using CompiledAssembly? assembly = CompiledAssembly.TryOpen(reference);
            if (assembly is null)
            {
                continue;
            }

            if (!IsOfDotnet(reference))
            {
                others.Add(reference);
                continue;
            }

            graph[assembly.Name] = [.. assembly.References()];
            foreach (string import in assembly.Imports())
            {
                if (
                    wanted.TryGetValue(import, out string? symbol)
                    && IsReferrer(symbols.First(s => s.Name == symbol), assembly.Name)
                )
                {
                    if (!importers.TryGetValue(assembly.Name, out HashSet<string>? of))
                    {
                        importers[assembly.Name] = of = new(StringComparer.Ordinal);
                    }

                    _ = of.Add(symbol);
                }
            }
        }

        List<WorkspaceMistake> mistakes = [];
        foreach (
            (string library, HashSet<string> of) in importers.OrderBy(
                i => i.Key,
                StringComparer.Ordinal
            )
        )
        {
            mistakes.AddRange(Places(library, of, program, others, graph, folder));
        }

        HashSet<string> told = [.. importers.Values.SelectMany(of => of)];
        string[] rest = [.. symbols.Select(s => s.Name).Where(name => !told.Contains(name))];
        if (rest.Length > 0)
        {
            UndefinedSymbol first = symbols.First(s => s.Name == rest[0]);
            string by = first.Referrers.Count > 0 ? $", wanted by {first.Referrers[0]}" : "";
            mistakes.Add(
                new WorkspaceMistake(
                    Code,
                    "",
                    0,
                    $"{Names(rest)}{by}, is in no library of the link: {NativeRemedies.For("")}."
                )
            );
        }

        return mistakes.Count <= MostPlaces
            ? mistakes
            :
            [
                .. mistakes.Take(MostPlaces),
                new WorkspaceMistake(
                    Code,
                    "",
                    0,
                    $"... and {mistakes.Count - MostPlaces} places more like these."
                ),
            ];
    }

    private static IEnumerable<WorkspaceMistake> Places(
        string library,
        HashSet<string> symbols,
        string program,
        List<string> others,
        Dictionary<string, string[]> graph,
        string folder
    )
    {
        string lack =
            $"needs native code that no image has ({Names([.. symbols.Order(StringComparer.Ordinal)])}): {NativeRemedies.For(library)}.";
        foreach (string path in others.Prepend(program))
        {
            using CompiledAssembly? assembly = CompiledAssembly.TryOpen(path);
            if (assembly is null)
            {
                continue;
            }

            HashSet<string> doors = Nearest([.. assembly.References()], library, graph);
            IReadOnlyList<CallSite> sites = doors.Count > 0 ? assembly.CallsInto(doors) : [];
            // One message a type: where it is first used.
            CallSite[] first = [.. sites.GroupBy(site => site.Type).Select(group => group.First())];
            if (first.Length == 0)
            {
                continue;
            }

            return first.Select(site => new WorkspaceMistake(
                Code,
                SourceFile.On(folder, site.File),
                site.Line,
                site.Type
                    + (path == program ? "" : $", which {assembly.Name} uses,")
                    + (site.Assembly == library ? "" : $" stands on {library}, which")
                    + " "
                    + lack
            ));
        }

        return [new WorkspaceMistake(Code, "", 0, $"{library} {lack}")];
    }

    /// <summary>Those of the references from which the fewest steps lead to the library.</summary>
    private static HashSet<string> Nearest(
        string[] references,
        string library,
        Dictionary<string, string[]> graph
    )
    {
        // Backwards from the library, level by level, until a level has references of the program.
        HashSet<string> level = [library];
        HashSet<string> seen = [library];
        while (level.Count > 0)
        {
            HashSet<string> reached = [.. references.Where(level.Contains)];
            if (reached.Count > 0)
            {
                return reached;
            }

            level =
            [
                .. graph
                    .Where(g => !seen.Contains(g.Key) && g.Value.Any(level.Contains))
                    .Select(g => g.Key),
            ];
            seen.UnionWith(level);
        }

        return [];
    }

    /// <summary>Several of .NET's libraries import the same function: when the linker names the method, its library is known.</summary>
    private static bool IsReferrer(UndefinedSymbol symbol, string library)
    {
        string mangled = string.Concat(
            library
                .Replace("System.Private.", "S.P.", StringComparison.Ordinal)
                .Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')
        );
        string[] managed =
        [
            .. symbol.Referrers.Where(r => r.Contains("__", StringComparison.Ordinal)),
        ];
        return managed.Length == 0
            || managed.Any(r => r.StartsWith(mangled + "_", StringComparison.Ordinal));
    }

    private static bool IsOfDotnet(string path) =>
        path.Contains("microsoft.netcore.app", StringComparison.OrdinalIgnoreCase);

    private static string Names(string[] names) =>
        names.Length <= 2 ? string.Join(" and ", names) : $"{names[0]} and {names.Length - 1} more";
}
