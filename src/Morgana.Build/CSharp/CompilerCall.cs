using Morgana.Build.Observation;
using Morgana.Build.Plans;

namespace Morgana.Build.CSharp;

/// <summary>A call of the C# compiler as MSBuild makes it, as an action of the engine.</summary>
public static class CompilerCall
{
    /// <summary>Options that name files which the compiler writes.</summary>
    private static readonly string[] OutputOptions = ["out", "refout", "pdb", "doc"];

    /// <summary>Options whose files, when they are given, no action can answer for: their names are not known, or they hold times of one build.</summary>
    private static readonly string[] RefusedOptions =
    [
        "errorlog",
        "generatedfilesout",
        "reportivts",
        "touchedfiles",
    ];

    /// <summary>Options with files that only the compiler reads. References and analyzers are read by MSBuild's tasks too.</summary>
    private static readonly string[] DirectOptions =
    [
        "",
        "additionalfile",
        "analyzerconfig",
        "keyfile",
        "resource",
        "res",
        "linkresource",
        "embed",
        "ruleset",
        "sourcelink",
        "win32manifest",
        "win32icon",
    ];

    /// <summary>Options whose files' places leave no trace in what is compiled.</summary>
    private static readonly string[] PlacelessOptions = ["reference", "r", "analyzer", "a"];

    /// <summary>The action.</summary>
    /// <param name="arguments">The compiler's arguments.</param>
    /// <param name="compiler">Full path of csc.dll.</param>
    /// <param name="dotnet">The program that runs it.</param>
    /// <param name="shared">Whether it may leave a server behind.</param>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="stateFolder">Where its response file goes.</param>
    /// <param name="packageFolder">NuGet's package folder.</param>
    /// <returns>Null when the call does what the engine cannot repeat.</returns>
    public static BuildAction? Action(
        IReadOnlyList<string> arguments,
        string compiler,
        string dotnet,
        bool shared,
        string folder,
        string stateFolder,
        string packageFolder
    )
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string compilerFolder = Path.GetDirectoryName(compiler)!;
        List<string> read =
        [
            compiler,
            .. ((string[])["Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"])
                .Select(name => Path.Combine(compilerFolder, name))
                .Where(File.Exists),
        ];
        List<string> direct = [];
        List<string> placed = [];
        List<string> written = [];
        string assembly = "";
        string symbols = "";
        bool debug = false;
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string argument in arguments)
        {
            (string option, string value) = Parse(argument);
            if (RefusedOptions.Contains(option))
            {
                return null;
            }

            if (option is "debug" or "debug+")
            {
                debug = !value.Equals("embedded", StringComparison.OrdinalIgnoreCase);
            }
            else if (option == "debug-")
            {
                debug = false;
            }
            else if (option == "pathmap")
            {
                AddNames(value, names);
            }

            if (option.Length > 0 && value.Length == 0)
            {
                continue;
            }

            if (option is "analyzerconfig" or "additionalfile" or "embed")
            {
                // Each may name several.
                foreach (string one in value.Split(';', ','))
                {
                    AddInput(option, one);
                }

                continue;
            }

            string path = Path.GetFullPath(value, folder);
            if (OutputOptions.Contains(option))
            {
                written.Add(path);
                assembly = option == "out" ? path : assembly;
                symbols = option == "pdb" ? path : symbols;
            }
            else
            {
                AddInput(option, value);
            }
        }

        if (assembly.Length == 0)
        {
            return null;
        }

        if (debug && symbols.Length == 0)
        {
            written.Add(Path.ChangeExtension(assembly, ".pdb"));
        }

        // Sources out of a package are named in the symbols by where they lie.
        if (!placed.Any(path => Repository.IsIn(path, packageFolder)))
        {
            _ = names.TryAdd(packageFolder, "<packages>");
        }

        // Above Roslyn/bincore, the version and sdk.
        string installation = Path.GetFullPath(
            Path.Combine(compilerFolder, "..", "..", "..", "..")
        );
        if (installation.Length > 1)
        {
            _ = names.TryAdd(installation, "<dotnet>");
        }

        string id = "csc:" + IdOf(assembly);
        string response = Path.Combine(stateFolder, "csharp", IdOf(assembly) + ".rsp");
        return new BuildAction
        {
            Id = id,
            Kind = ActionKind.CSharp,
            Contexts = [],
            Program = dotnet,
            Arguments =
            [
                "exec",
                compiler,
                "/noconfig",
                .. shared ? (string[])["/shared"] : [],
                "@" + response,
            ],
            ResponseFile = response,
            ResponseLines = [.. arguments.Where(Counts)],
            WorkingFolder = folder,
            Inputs = [.. read.Distinct(StringComparer.Ordinal)],
            Outputs = [.. written.Distinct(StringComparer.Ordinal)],
            Direct = [.. direct.Distinct(StringComparer.Ordinal)],
            Names = names,
        };

        void AddInput(string option, string value)
        {
            string path = Path.GetFullPath(value, folder);
            if (!File.Exists(path))
            {
                return;
            }

            read.Add(path);
            if (DirectOptions.Contains(option))
            {
                direct.Add(path);
            }

            if (!PlacelessOptions.Contains(option))
            {
                placed.Add(path);
            }
        }
    }

    /// <summary>A short name for what is compiled: the assembly's, with a hash of where it goes.</summary>
    public static string IdOf(string assembly)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(assembly)
        );
        return $"{Path.GetFileNameWithoutExtension(assembly)}-{Convert.ToHexStringLower(hash)[..8]}";
    }

    private static bool Counts(string argument) =>
        argument is not ("/noconfig" or "/shared")
        // The language of its messages, which depends on who starts MSBuild.
        && !argument.StartsWith("/preferreduilang:", StringComparison.Ordinal);

    /// <summary><c>/pathmap:FROM=TO,FROM=TO</c>; what has a comma or an equals sign in itself is left alone.</summary>
    private static void AddNames(string value, Dictionary<string, string> names)
    {
        if (
            value.Contains(",,", StringComparison.Ordinal)
            || value.Contains("==", StringComparison.Ordinal)
        )
        {
            return;
        }

        foreach (string pair in value.Split(','))
        {
            string[] parts = pair.Split('=');
            if (parts.Length == 2 && Path.IsPathRooted(parts[0]))
            {
                string from = Path.TrimEndingDirectorySeparator(parts[0]);
                if (from.Length > 1)
                {
                    _ = names.TryAdd(from, $"<{parts[1]}>");
                }
            }
        }
    }

    /// <summary>Parts <c>/reference:a=PATH</c>, <c>/resource:PATH,NAME</c>, <c>PATH</c> into the option and the path.</summary>
    private static (string Option, string Value) Parse(string argument)
    {
        string text = argument.Replace("\"", "", StringComparison.Ordinal);
        if (text.Length == 0 || text[0] is not ('/' or '-') || File.Exists(text))
        {
            return ("", text);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (text[1..].ToLowerInvariant(), "");
        }

        string option = text[1..colon].ToLowerInvariant();
        string value = text[(colon + 1)..];
        if (
            option is "reference" or "r"
            && value.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals
        )
        {
            value = value[(equals + 1)..];
        }

        if (
            option is "resource" or "res" or "linkresource"
            && value.IndexOf(',', StringComparison.Ordinal) is > 0 and int comma
        )
        {
            value = value[..comma];
        }

        return (option, value);
    }
}
