using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Morgana.Workspace;
using Morgana.Workspace.Reading;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Steps;

namespace Morgana.Sdk.Planning;

/// <summary>A source or static library of the user's own, as an item ForeignStub of the project has it.</summary>
/// <param name="Path">The source or library; full path, with its places for names of the context not yet filled.</param>
/// <param name="Library">The name under which C# imports its functions.</param>
/// <param name="Flags">Flags of its compilation.</param>
/// <param name="IncludeFolders">Folders with its headers; full paths.</param>
/// <param name="Libraries">Static libraries that are linked with it; full paths.</param>
/// <param name="Host">Whether it is part of the library for ordinary .NET.</param>
internal sealed partial record ForeignStub(
    string Path,
    string Library,
    IReadOnlyList<string> Flags,
    IReadOnlyList<string> IncludeFolders,
    IReadOnlyList<string> Libraries,
    bool Host
)
{
    /// <summary>The code of mistakes in the items.</summary>
    public const string Code = "MORGANA046";

    private static readonly string[] Fields =
    [
        "Library",
        "Flags",
        "IncludeFolders",
        "Libraries",
        "Host",
    ];

    /// <summary>What editors and the SDKs of .NET put on any item.</summary>
    private static readonly string[] FieldsOfOthers =
    [
        "Visible",
        "Link",
        "DependentUpon",
        "SubType",
    ];

    private static readonly string[] Places = ["architecture", "target", "context", "profile"];

    /// <summary>Flags that would take the compilation out of the build's hands.</summary>
    private static readonly string[] RefusedFlags =
    [
        "-o",
        "-c",
        "-E",
        "-S",
        "-M",
        "--target",
        "-target",
        "-flto",
        "-emit-llvm",
    ];

    /// <summary>Whether the file is compiled, and not linked as it is.</summary>
    public bool IsSource => IsSourceFile(Path);

    /// <summary>The stub as it is for a context, with the names of the context filled in.</summary>
    public ForeignStub For(ResolvedContext context)
    {
        return this with
        {
            Path = Fill(Path),
            Flags = [.. Flags.Select(Fill)],
            IncludeFolders = [.. IncludeFolders.Select(Fill)],
            Libraries = [.. Libraries.Select(Fill)],
        };

        string Fill(string text) =>
            text.Replace("{architecture}", context.Context.Architecture, StringComparison.Ordinal)
                .Replace("{target}", context.Context.Target, StringComparison.Ordinal)
                .Replace("{context}", context.Context.Name, StringComparison.Ordinal)
                .Replace("{profile}", context.Context.Profile, StringComparison.Ordinal);
    }

    /// <summary>Reads the items.</summary>
    /// <param name="items">The items ForeignStub.</param>
    /// <param name="folder">The project's folder.</param>
    /// <param name="projectName">The library's name of items that give none.</param>
    /// <param name="contexts">The contexts that they are compiled for.</param>
    /// <exception cref="WorkspaceException">Something is wrong with them; all of it is told.</exception>
    public static IReadOnlyList<ForeignStub> Read(
        IReadOnlyList<ITaskItem> items,
        string folder,
        string projectName,
        IReadOnlyList<ResolvedContext> contexts
    )
    {
        List<ForeignStub> stubs = [];
        List<WorkspaceMistake> mistakes = [];
        foreach (ITaskItem item in items)
        {
            ForeignStub stub = new(
                Full(folder, item.ItemSpec),
                item.GetMetadata("Library") is { Length: > 0 } library ? library : projectName,
                CommandLine.Split(item.GetMetadata("Flags")),
                [.. List(item, "IncludeFolders").Select(path => Full(folder, path))],
                [.. List(item, "Libraries").Select(path => Full(folder, path))],
                !item.GetMetadata("Host").Equals("false", StringComparison.OrdinalIgnoreCase)
            );
            string[] wrong = [.. Wrong(item, stub, contexts)];
            (string file, int line) = wrong.Length > 0 ? PlaceOf(item) : ("", 0);
            mistakes.AddRange(
                wrong.Select(message => new WorkspaceMistake(Code, file, line, message))
            );
            if (stubs.Any(other => other.Path == stub.Path))
            {
                (file, line) = PlaceOf(item);
                mistakes.Add(
                    new WorkspaceMistake(
                        Code,
                        file,
                        line,
                        $"{item.ItemSpec} is in two ForeignStub items, and its functions would be twice in the image: take it out of one."
                    )
                );
            }

            stubs.Add(stub);
        }

        return mistakes.Count == 0 ? stubs : throw new WorkspaceException(mistakes);
    }

    private static IEnumerable<string> Wrong(
        ITaskItem item,
        ForeignStub stub,
        IReadOnlyList<ResolvedContext> contexts
    )
    {
        string name = item.ItemSpec;
        foreach (
            string field in item.CloneCustomMetadata()
                .Keys.Cast<string>()
                .Except(Fields, StringComparer.OrdinalIgnoreCase)
                .Except(FieldsOfOthers, StringComparer.OrdinalIgnoreCase)
        )
        {
            yield return $"A ForeignStub has no field {field}{Spelling.Advice(field, Fields, "fields")}";
        }

        if (!LibraryName().IsMatch(stub.Library))
        {
            yield return $"The library's name \"{stub.Library}\" is none: letters, digits, '-', '_' and '.', as [LibraryImport] has it.";
        }
        else if (
            stub.Library == "morgana_native"
            || stub.Library.StartsWith("System.", StringComparison.Ordinal)
            || stub.Library.StartsWith("libSystem.", StringComparison.Ordinal)
        )
        {
            yield return $"The library's name \"{stub.Library}\" is taken by Morgana or .NET: choose another one, as in [LibraryImport(\"fast\")].";
        }

        if (item.GetMetadata("Host").ToLowerInvariant() is not ("" or "true" or "false"))
        {
            yield return $"Host is true or false, not '{item.GetMetadata("Host")}'.";
        }

        foreach (string flag in stub.Flags)
        {
            if (RefusedFlags.FirstOrDefault(refused => IsFlag(flag, refused)) is string refused)
            {
                yield return $"Flags has {flag}, which is the build's to decide: an ordinary object for the context's processor is made of each source.";
            }
        }

        if (Kind(stub.Path) is string kind)
        {
            yield return $"{name} {kind}";
            yield break;
        }

        foreach (string library in stub.Libraries)
        {
            if (IsSourceFile(library) || Kind(library) is not null)
            {
                yield return $"Libraries has {library}, which is no static library: they end in .a, objects in .o; sources belong to Include.";
            }
        }

        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (
            string place in stub
                .Flags.Concat(stub.IncludeFolders)
                .Concat(stub.Libraries)
                .Append(stub.Path)
                .SelectMany(text => Place().Matches(text).Select(match => match.Groups[1].Value))
                .Except(Places)
                .Distinct()
        )
        {
            yield return $"{{{place}}} in {name} is no name of a context{Spelling.Advice(place, Places, "names")}";
            _ = told.Add(place);
        }

        if (told.Count > 0)
        {
            yield break;
        }

        foreach (ResolvedContext context in contexts)
        {
            ForeignStub filled = stub.For(context);
            foreach (string file in filled.Libraries.Prepend(filled.Path))
            {
                if (!File.Exists(file) && told.Add(file))
                {
                    yield return $"{file} is not there{(file == stub.Path ? "" : $", which context {context.Context.Name} wants")}: paths of a ForeignStub begin at the project's folder.";
                }
            }

            foreach (string folder in filled.IncludeFolders)
            {
                if (!Directory.Exists(folder) && told.Add(folder))
                {
                    yield return $"IncludeFolders has {folder}, and there is no such folder: paths of a ForeignStub begin at the project's folder.";
                }
            }
        }
    }

    private static bool IsFlag(string flag, string refused) =>
        flag == refused
        || flag.StartsWith(refused + "=", StringComparison.Ordinal)
        || (refused == "-M" && flag.StartsWith("-M", StringComparison.Ordinal))
        || (refused == "-o" && flag.StartsWith("-o", StringComparison.Ordinal) && flag.Length > 2);

    private static bool IsSourceFile(string path) =>
        System.IO.Path.GetExtension(path) is ".c" or ".S";

    /// <summary>Why a file can be no stub, as the end of a sentence; null when it can.</summary>
    private static string? Kind(string path) =>
        System.IO.Path.GetExtension(path) switch
        {
            ".c" or ".S" or ".a" or ".o" => null,
            ".cpp" or ".cc" or ".cxx" or ".C" or ".c++" or ".hpp" or ".mm" =>
                "is C++, and an image has no runtime for it: a foreign stub is C (.c) or assembly (.S). Compile C++ that needs no runtime of its own (-fno-exceptions -fno-rtti) to a static library, and name that.",
            ".s" => "is assembly that is not preprocessed: call it .S.",
            ".h" =>
                "is a header: name the folder that it is in in IncludeFolders, or put it beside the source; it is no part of Include.",
            ".so" or ".dylib" or ".dll" =>
                "is a shared library, and an image loads none: take its sources, or a static library (.a).",
            _ =>
                "is no foreign stub: C (.c), assembly (.S), static libraries (.a) and objects (.o) are.",
        };

    private static string[] List(ITaskItem item, string field) =>
        item.GetMetadata(field)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Full(string folder, string path) =>
        System.IO.Path.TrimEndingDirectorySeparator(
            System.IO.Path.GetFullPath(path.Replace('\\', '/'), folder)
        );

    /// <summary>Where the item is written: MSBuild keeps the file, not the line.</summary>
    private static (string File, int Line) PlaceOf(ITaskItem item)
    {
        string file = item.GetMetadata("DefiningProjectFullPath");
        try
        {
            XElement[] elements =
            [
                .. XDocument
                    .Load(file, LoadOptions.SetLineInfo)
                    .Descendants()
                    .Where(element => element.Name.LocalName == "ForeignStub"),
            ];
            XElement? own =
                elements.FirstOrDefault(element =>
                    element
                        .Attributes()
                        .Any(attribute =>
                            attribute.Value.Split(';').Any(part => part.Trim() == item.ItemSpec)
                        )
                ) ?? (elements.Length == 1 ? elements[0] : null);
            return (file, own is IXmlLineInfo place && place.HasLineInfo() ? place.LineNumber : 0);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or XmlException
                        or ArgumentException
                        or UnauthorizedAccessException
            )
        {
            return (file, 0);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.+-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex LibraryName();

    [GeneratedRegex(@"\{([A-Za-z]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
