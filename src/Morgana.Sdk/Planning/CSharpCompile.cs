using Morgana.Build.Plans;

namespace Morgana.Sdk.Planning;

/// <summary>The actions of the default context: the C# compiler as MSBuild called it, and the copies in bin/.</summary>
internal static class CSharpCompile
{
    /// <summary>The id of the compiler's action.</summary>
    public const string Id = "csc";

    /// <summary>Options that name files which the compiler writes.</summary>
    private static readonly string[] OutputOptions = ["out", "refout", "pdb", "doc"];

    /// <summary>Options whose files, when they are given, no action can answer for: they hold paths or times of one build.</summary>
    private static readonly string[] RefusedOptions = ["errorlog", "generatedfilesout"];

    /// <summary>The actions; none when the compiler's arguments are not known, or it does what the engine cannot repeat.</summary>
    public static IEnumerable<BuildAction> Actions(PlanInputs inputs)
    {
        BuildAction? compile = Compile(inputs);
        if (compile is null)
        {
            yield break;
        }

        yield return compile;
        foreach (
            (string from, string to) in ((string, string)[])
                [
                    (inputs.Assembly, inputs.TargetPath),
                    (
                        Path.ChangeExtension(inputs.Assembly, ".pdb"),
                        Path.ChangeExtension(inputs.TargetPath, ".pdb")
                    ),
                ]
        )
        {
            // What is not there MSBuild was told not to make.
            if (from != to && compile.Outputs.Contains(from) && File.Exists(to))
            {
                yield return new BuildAction
                {
                    Id = "copy:" + Path.GetFileName(to),
                    Kind = ActionKind.Copy,
                    Contexts = compile.Contexts,
                    Inputs = [from],
                    Outputs = [to],
                };
            }
        }
    }

    private static BuildAction? Compile(PlanInputs inputs)
    {
        string compiler = Path.Combine(inputs.CSharpFolder, "csc.dll");
        if (inputs.CSharpArguments.Count == 0 || !File.Exists(compiler))
        {
            return null;
        }

        List<string> read =
        [
            compiler,
            .. ((string[])["Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"])
                .Select(name => Path.Combine(inputs.CSharpFolder, name))
                .Where(File.Exists),
        ];
        List<string> written = [];
        foreach (string argument in inputs.CSharpArguments)
        {
            (string option, string value) = Parse(argument);
            if (RefusedOptions.Contains(option) && value.Length > 0)
            {
                return null;
            }

            if (option.Length > 0 && value.Length == 0)
            {
                continue;
            }

            string path = Path.GetFullPath(value, inputs.ProjectFolder);
            if (OutputOptions.Contains(option))
            {
                written.Add(path);
            }
            else if (File.Exists(path))
            {
                read.Add(path);
            }
        }

        if (!written.Contains(inputs.Assembly))
        {
            return null;
        }

        string symbols = Path.ChangeExtension(inputs.Assembly, ".pdb");
        if (!written.Contains(symbols) && File.Exists(symbols))
        {
            written.Add(symbols);
        }

        string response = Path.Combine(inputs.WorkFolder, "csc.rsp");
        return new BuildAction
        {
            Id = Id,
            Kind = ActionKind.CSharp,
            Contexts =
            [
                inputs.Workspace.Declared.Default.Name,
                .. inputs.Workspace.Images.Select(context => context.Context.Name),
            ],
            Program = inputs.Dotnet,
            Arguments =
            [
                "exec",
                compiler,
                "/noconfig",
                .. inputs.SharedCompilation ? (string[])["/shared"] : [],
                "@" + response,
            ],
            ResponseFile = response,
            ResponseLines = [.. inputs.CSharpArguments.Where(Counts).Select(Quote)],
            Inputs = [.. read.Distinct(StringComparer.Ordinal)],
            Outputs = [.. written.Distinct(StringComparer.Ordinal)],
        };
    }

    private static bool Counts(string argument) =>
        argument is not "/noconfig"
        // The language of its messages, which depends on who starts MSBuild.
        && !argument.StartsWith("/preferreduilang:", StringComparison.Ordinal);

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
            return (text[1..], "");
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

    /// <summary>As the compiler's response files have it: what has spaces stands in quotes.</summary>
    private static string Quote(string argument) =>
        argument.Contains(' ', StringComparison.Ordinal)
        && !argument.Contains('"', StringComparison.Ordinal)
            ? $"\"{argument}\""
            : argument;
}
