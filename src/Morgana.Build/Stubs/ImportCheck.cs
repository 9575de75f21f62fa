using System.Text;
using System.Text.RegularExpressions;
using Morgana.Build.Diagnostics;
using Morgana.Build.Plans;
using Morgana.Elf;
using Morgana.Workspace;
using Morgana.Workspace.Reading;

namespace Morgana.Build.Stubs;

/// <summary>
/// Finds P/Invokes that would fail when they run: to libraries that no image has, and to functions that the stubs of a library do not define. What the ahead-of-time compiler
/// has left of the program decides, so a call behind <c>OperatingSystem.IsWindows()</c>, or in a part of a package that nobody uses, is none.
/// </summary>
internal static partial class ImportCheck
{
    /// <summary>The code of its messages.</summary>
    public const string Code = "MORGANA045";

    /// <summary>Before an argument with an assembly of the user's own, in which a P/Invoke to nothing is an error; in others, those of packages, it is a warning.</summary>
    public const string Own = "--own";

    /// <summary>Before the argument with the unikernel's folder.</summary>
    public const string Folder = "--folder";

    private const int MostPlaces = 8;

    /// <summary>How the ahead-of-time compiler calls what it makes for a P/Invoke that is looked up when it runs.</summary>
    private const string Lazy = "__pinvoke_";

    /// <summary>Does the action: its first output is the mark that all is well.</summary>
    /// <returns>Warnings, a line each.</returns>
    /// <exception cref="BuildException">The user's own code calls what is not there.</exception>
    public static string Run(BuildAction action)
    {
        HashSet<string> own = new(After(action.Arguments, Own), StringComparer.Ordinal);
        List<WorkspaceMistake> errors = [];
        List<WorkspaceMistake> warnings = [];
        foreach (
            (string assembly, WorkspaceMistake mistake) in Check(
                action.Inputs[0],
                [.. action.Inputs.Skip(1).Where(IsAssembly)],
                StubFile.Read(action.Arguments),
                After(action.Arguments, Folder).FirstOrDefault("")
            )
        )
        {
            (own.Contains(assembly) ? errors : warnings).Add(mistake);
        }

        if (errors.Count > 0)
        {
            throw new BuildException([.. errors.Take(MostPlaces)]);
        }

        AtomicFile.Write(action.Outputs[0], "good\n"u8);
        return string.Join(
            '\n',
            warnings
                .Take(MostPlaces)
                .Select(warning =>
                    warning
                        .ToString()
                        .Replace($"error {Code}", $"warning {Code}", StringComparison.Ordinal)
                )
        );
    }

    /// <summary>The P/Invokes that nothing answers, each with the assembly that it is in.</summary>
    /// <param name="managed">The native object of the program.</param>
    /// <param name="assemblies">The assemblies that it was made of, .NET's own apart.</param>
    /// <param name="stubs">The foreign stubs of the link.</param>
    /// <param name="folder">The unikernel's folder.</param>
    public static List<(string Assembly, WorkspaceMistake Mistake)> Check(
        string managed,
        IReadOnlyList<string> assemblies,
        IReadOnlyList<StubFile> stubs,
        string folder
    )
    {
        NativeObject program = NativeObject.Read(managed).First();
        HashSet<string> left =
        [
            .. program
                .Symbols.Where(symbol => symbol.Name.StartsWith(Lazy, StringComparison.Ordinal))
                .Select(symbol => SearchPaths().Replace(Plain(symbol.Name), "__")),
        ];
        HashSet<string> wanted = [.. program.Wants];
        Dictionary<string, HashSet<string>> defined = Defined(stubs);
        List<(string, WorkspaceMistake)> found = [];
        foreach (string path in assemblies)
        {
            using CompiledAssembly? assembly = CompiledAssembly.TryOpen(path);
            foreach (ImportedFunction import in assembly?.ImportedFunctions() ?? [])
            {
                string? message = null;
                if (defined.TryGetValue(import.Library, out HashSet<string>? functions))
                {
                    if (
                        wanted.Contains(import.EntryPoint) && !functions.Contains(import.EntryPoint)
                    )
                    {
                        message = NotDefined(import, functions, stubs, defined);
                    }
                }
                else if (left.Contains(NameOf(assembly!.Name, import)))
                {
                    message = NoLibrary(import, [.. defined.Keys]);
                }

                if (message is not null)
                {
                    string place = import.Line > 0 ? "" : $" (in {assembly!.Name})";
                    found.Add(
                        (
                            path,
                            new WorkspaceMistake(
                                Code,
                                SourceFile.On(folder, import.File),
                                import.Line,
                                import.Method + place + " " + message
                            )
                        )
                    );
                }
            }
        }

        return found;
    }

    private static Dictionary<string, HashSet<string>> Defined(IReadOnlyList<StubFile> stubs)
    {
        Dictionary<string, HashSet<string>> defined = new(StringComparer.Ordinal);
        foreach (StubFile stub in stubs)
        {
            if (!defined.TryGetValue(stub.Library, out HashSet<string>? of))
            {
                defined[stub.Library] = of = new(StringComparer.Ordinal);
            }

            try
            {
                foreach (NativeObject part in NativeObject.Read(stub.Path))
                {
                    of.UnionWith(part.Exports.Select(symbol => symbol.Name));
                }
            }
            catch (ElfException)
            {
                // The check of the stubs tells.
            }
        }

        return defined;
    }

    private static string NotDefined(
        ImportedFunction import,
        HashSet<string> functions,
        IReadOnlyList<StubFile> stubs,
        Dictionary<string, HashSet<string>> defined
    )
    {
        string files = string.Join(
            ", ",
            stubs
                .Where(stub => stub.Library == import.Library)
                .Select(stub => Path.GetFileName(stub.Source))
                .Distinct()
        );
        string? other = defined
            .Where(library => library.Value.Contains(import.EntryPoint))
            .Select(library => library.Key)
            .FirstOrDefault();
        string advice =
            other is not null ? $"it is in the stubs called \"{other}\""
            : Spelling.Nearest(import.EntryPoint, functions) is string near
                ? $"did you mean {near}?"
            : "define it there, not static, or take the import away";
        return $"imports {import.EntryPoint} from \"{import.Library}\", whose stubs ({files}) do not define it: {advice}".TrimEnd(
                '.'
            ) + (advice.EndsWith('?') ? "" : ".");
    }

    private static string NoLibrary(ImportedFunction import, string[] libraries)
    {
        string known =
            libraries.Length == 0
                ? "this project has no foreign stubs"
                : $"its foreign stubs are called {string.Join(", ", libraries.Order(StringComparer.Ordinal).Select(name => $"\"{name}\""))}";
        return $"imports {import.EntryPoint} from \"{import.Library}\", a library that no image has ({known}): link the C sources with <ForeignStub Include=\"...\" Library=\"{import.Library}\" />, or keep the call out of images with `if (OperatingSystem.IsWindows())` or a feature switch.";
    }

    private static string NameOf(string assembly, ImportedFunction import) =>
        SearchPaths()
            .Replace(
                Lazy
                    + (assembly.Length > 0 && char.IsAsciiDigit(assembly[0]) ? "_" : "")
                    + Plain(assembly)
                    + "__Module__"
                    + Plain(import.Library)
                    + "__"
                    + Plain(import.EntryPoint),
                "__"
            );

    /// <summary>As the compiler writes names: what is no letter or digit of ASCII is an underscore.</summary>
    private static string Plain(string name)
    {
        StringBuilder plain = new(name.Length);
        foreach (char c in name)
        {
            _ = plain.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return plain.ToString();
    }

    private static IEnumerable<string> After(IReadOnlyList<string> arguments, string word)
    {
        for (int at = 0; at + 1 < arguments.Count; at++)
        {
            if (arguments[at] == word)
            {
                yield return arguments[at + 1];
            }
        }
    }

    private static bool IsAssembly(string path) =>
        path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where libraries are looked for ([DefaultDllImportSearchPaths]) follows the library's name as a number.</summary>
    [GeneratedRegex("_[0-9]+__", RegexOptions.CultureInvariant)]
    private static partial Regex SearchPaths();
}
