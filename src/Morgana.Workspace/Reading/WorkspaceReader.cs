using System.Buffers;
using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;
using Morgana.Workspace.Conditions;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Steps;
using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace.Reading;

/// <summary>Reads the files of a workspace and decides what they mean.</summary>
internal sealed class WorkspaceReader
{
    private static readonly string[] Profiles = ["release", "size", "speed", "debug"];

    /// <summary>The architectures that .NET has a name for.</summary>
    private static readonly string[] Architectures =
    [
        "x64",
        "arm64",
        "x86",
        "arm",
        "riscv64",
        "loongarch64",
    ];

    private static readonly Dictionary<string, string> OtherNames = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["amd64"] = "x64",
        ["x86_64"] = "x64",
        ["x86-64"] = "x64",
        ["aarch64"] = "arm64",
        ["armv8"] = "arm64",
    };

    /// <summary>What the default context can be told: it is the project itself, as ordinary .NET.</summary>
    private static readonly string[] FieldsOfDefault = ["Profile", "Environment", "Ide"];

    /// <summary>On any system: an image that is built here may be copied there.</summary>
    private static readonly SearchValues<char> NotInFileNames = SearchValues.Create(
        "/\\:*?\"<>|\n\r\t"
    );

    private readonly string _folder;
    private readonly string? _name;
    private readonly WorkspaceDefaults? _defaults;
    private readonly Mistakes _mistakes = new();
    private readonly ItemList _items = new();

    public WorkspaceReader(string folder, string? name, WorkspaceDefaults? defaults)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _name = name;
        _defaults = defaults;
    }

    /// <summary>Reads all.</summary>
    public DeclaredWorkspace Read()
    {
        string generated = Path.Combine(_folder, "morgana", "contexts.props");
        string user = Path.Combine(_folder, DeclaredWorkspace.UserFile);
        string name = _name ?? NameOfProject();
        PropsFile files = new(_folder, _items, _mistakes);
        if (_defaults is not { InsteadOfGenerated: true })
        {
            files.Read(generated);
        }

        if (_defaults is { InsteadOfGenerated: true } || !File.Exists(generated))
        {
            AddDefaults(name);
        }

        files.Read(user);
        List<BuildContext> contexts = [.. _items[ItemKind.Context].Select(draft => Context(draft))];
        NameImages(contexts, name);
        CheckHosts(contexts);
        List<BuildStep> steps = [.. _items[ItemKind.Step].Select(Step)];
        ToolchainFolder[] toolchains =
        [
            .. _items[ItemKind.ToolchainFolder]
                .Select(draft => new ToolchainFolder(
                    FullPath(draft.Name),
                    draft.Place.File,
                    draft.Place.Line
                )),
        ];
        foreach (ToolchainFolder folder in toolchains.Where(f => !Directory.Exists(f.Path)))
        {
            _mistakes.Add(
                "MORGANA055",
                new FieldPlace(folder.File, folder.Line),
                $"There is no folder {folder.Path} with toolchains."
            );
        }

        _mistakes.Throw();
        return new DeclaredWorkspace
        {
            Folder = _folder,
            Name = name,
            Contexts = contexts,
            Steps = steps,
            ToolchainFolders = toolchains,
            Notes = _mistakes.Notes,
            Files = files.Files,
        };
    }

    private void AddDefaults(string name)
    {
        if (_defaults is null)
        {
            return;
        }

        FieldPlace place = new(Path.Combine(_folder, "morgana", "project.props"), 0);
        bool plain = _defaults.Architectures is ["x64"];
        Dictionary<string, string> extensions = ExtensionsOfGenerated(name);
        foreach (string target in _defaults.Targets)
        {
            foreach (string architecture in _defaults.Architectures)
            {
                if (
                    _items.Include(ItemKind.Context, $"{target}-{architecture}", place, _mistakes)
                    is not DraftItem draft
                )
                {
                    continue;
                }

                draft.Fields["TargetName"] = (target, place);
                draft.Fields["Architecture"] = (architecture, place);
                string extension = extensions.GetValueOrDefault(target, "." + target);
                draft.Fields["Image"] = (
                    plain ? name + extension : $"{name}.{architecture}{extension}",
                    place
                );
            }
        }
    }

    /// <summary>What files of each target end in, as the contexts that configure made have it; also when these contexts are passed over.</summary>
    private Dictionary<string, string> ExtensionsOfGenerated(string name)
    {
        ItemList items = new();
        new PropsFile(_folder, items, new Mistakes()).Read(
            Path.Combine(_folder, "morgana", "contexts.props")
        );
        Dictionary<string, string> extensions = [];
        foreach (DraftItem draft in items[ItemKind.Context])
        {
            if (draft["TargetName"] is string target && draft["Image"] is string image)
            {
                extensions[target] = Extension(image, name, target, draft["Architecture"] ?? "x64");
            }
        }

        return extensions;
    }

    /// <summary>What an image that configure named ends in: an architecture is no extension.</summary>
    private static string Extension(
        string image,
        string name,
        string target,
        string architecture
    ) =>
        image.EndsWith("." + target, StringComparison.Ordinal) ? "." + target
        : image == name || image.EndsWith("." + architecture, StringComparison.Ordinal) ? ""
        : Path.GetExtension(image);

    private BuildContext Context(DraftItem draft)
    {
        bool isDefault = draft.Place.File.Length == 0;
        if (isDefault)
        {
            foreach ((string field, (string, FieldPlace place) said) in draft.Fields)
            {
                if (!FieldsOfDefault.Contains(field))
                {
                    _mistakes.Add(
                        "MORGANA055",
                        said.place,
                        $"The context '{draft.Name}' has no {field}: it is the program as ordinary .NET. It can be told {string.Join(", ", FieldsOfDefault)}."
                    );
                }
            }
        }
        else if (draft["TargetName"] is null)
        {
            _mistakes.Add(
                "MORGANA055",
                draft.Place,
                $"The context '{draft.Name}' needs a TargetName, as in TargetName=\"spt\" (\"host\" for a context of ordinary .NET, in which programs that run during the build are built)."
            );
        }

        string target = draft["TargetName"] ?? "";
        bool isHost = isDefault || target.Equals("host", StringComparison.OrdinalIgnoreCase);
        BuildContext context = new()
        {
            Name = draft.Name,
            Host = isDefault ? "" : draft["Host"] ?? BuildContext.DefaultName,
            Target = isHost ? "" : Word(draft, "TargetName", target),
            Architecture = isHost
                ? RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()
                : Architecture(draft),
            Toolchain = isHost ? "" : Word(draft, "Toolchain", draft["Toolchain"] ?? "morgana"),
            Profile = Profile(draft),
            Image = Image(draft),
            Bindings = draft["Bindings"] is string bindings ? FullPath(bindings) : "",
            CFlags = ItemText.List(draft["CFlags"]),
            LinkFlags = ItemText.List(draft["LinkFlags"]),
            IlcOptions = ItemText.List(draft["IlcOptions"]),
            Environment = Environment(draft),
            Ide = Truth(draft, "Ide", isDefault),
            EnabledIf = draft["EnabledIf"] ?? "",
            File = draft.Place.File,
            Line = draft.Place.Line,
            Places = draft.Fields.ToDictionary(f => f.Key, f => f.Value.Place),
        };
        if (context.Bindings.Length > 0 && !Directory.Exists(context.Bindings))
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf("Bindings"),
                $"There is no folder {context.Bindings} with bindings."
            );
        }

        ContextCondition? condition = Condition(draft);
        return context with { Enabled = condition is null || condition.Holds(context) };
    }

    private void NameImages(List<BuildContext> contexts, string name)
    {
        Dictionary<string, BuildContext> owners = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < contexts.Count; i++)
        {
            BuildContext context = contexts[i];
            if (!context.MakesImage)
            {
                if (context.Image.Length > 0)
                {
                    _mistakes.Add(
                        "MORGANA055",
                        context.PlaceOf("Image"),
                        $"The context '{context.Name}' makes no image: it is one of ordinary .NET."
                    );
                }

                continue;
            }

            if (context.Image.Length == 0)
            {
                // The contexts that configure wrote know what files of their target are called.
                BuildContext? known = contexts.Find(c =>
                    c.Target == context.Target && c.Image.Length > 0
                );
                string extension = known is null
                    ? "." + context.Target
                    : Extension(known.Image, name, known.Target, known.Architecture);
                context = contexts[i] = context with
                {
                    Image = $"{name}.{context.Name}{extension}",
                };
            }

            if (owners.TryGetValue(context.Image, out BuildContext? other))
            {
                if (context.Enabled && other.Enabled)
                {
                    _mistakes.Add(
                        "MORGANA052",
                        context.PlaceOf("Image"),
                        $"The contexts '{other.Name}' and '{context.Name}' both make the image {context.Image}: give one of them another Image."
                    );
                }
            }
            else
            {
                owners[context.Image] = context;
            }
        }
    }

    private void CheckHosts(List<BuildContext> contexts)
    {
        Dictionary<string, BuildContext> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (BuildContext context in contexts)
        {
            byName[context.Name] = context;
        }

        for (int i = 0; i < contexts.Count; i++)
        {
            BuildContext context = contexts[i];
            if (context.Host.Length == 0)
            {
                continue;
            }

            FieldPlace place = context.PlaceOf("Host");
            if (!byName.TryGetValue(context.Host, out BuildContext? host))
            {
                _mistakes.Add(
                    "MORGANA053",
                    place,
                    $"The host '{context.Host}' of the context '{context.Name}' does not exist{Spelling.Advice(context.Host, [.. byName.Keys], "contexts")}"
                );
                continue;
            }

            contexts[i] = context = context with { Host = host.Name };
            if (Circle(context, byName) is string circle)
            {
                _mistakes.Add(
                    "MORGANA053",
                    place,
                    $"Hosts go in a circle: {circle}. Every chain of hosts ends at '{BuildContext.DefaultName}'."
                );
            }
            else if (host.MakesImage)
            {
                _mistakes.Add(
                    "MORGANA053",
                    place,
                    $"The context '{host.Name}' cannot be the host of '{context.Name}': it makes images for {host.Target}, which cannot run during a build. A host is '{BuildContext.DefaultName}' or a context with TargetName=\"host\"."
                );
            }
            else if (context.Enabled && !host.Enabled)
            {
                _mistakes.Add(
                    "MORGANA053",
                    place,
                    $"The host '{host.Name}' of the context '{context.Name}' is not enabled (EnabledIf=\"{host.EnabledIf}\")."
                );
            }
        }
    }

    /// <summary>The circle of hosts that begins and ends at a context; null when there is none.</summary>
    private static string? Circle(BuildContext start, Dictionary<string, BuildContext> byName)
    {
        List<string> way = [start.Name];
        BuildContext at = start;
        while (at.Host.Length > 0 && byName.TryGetValue(at.Host, out BuildContext? next))
        {
            way.Add(next.Name);
            if (next.Name == start.Name)
            {
                return string.Join(" -> ", way);
            }

            // A circle further on is told of at the contexts that are in it.
            if (way.Count > byName.Count + 1)
            {
                return null;
            }

            at = next;
        }

        return null;
    }

    private BuildStep Step(DraftItem draft)
    {
        string program = draft["Program"] is string given ? FullPath(given) : "";
        if (program.Length == 0)
        {
            _mistakes.Add(
                "MORGANA055",
                draft.Place,
                $"The step '{draft.Name}' needs a Program: the path of the project that it runs."
            );
        }
        else if (!File.Exists(program))
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf("Program"),
                $"The program of the step '{draft.Name}' is not there: {program}."
            );
        }

        if (draft["Outputs"] is null)
        {
            _mistakes.Add(
                "MORGANA055",
                draft.Place,
                $"The step '{draft.Name}' needs Outputs: the files that it writes."
            );
        }

        _ = Condition(draft);
        return new BuildStep
        {
            Name = draft.Name,
            Program = program,
            Arguments = CommandLine.Split(draft["Arguments"] ?? ""),
            Inputs = [.. ItemText.List(draft["Inputs"]).Select(PropsFile.Normal)],
            Outputs = [.. ItemText.List(draft["Outputs"]).Select(PropsFile.Normal)],
            EnabledIf = draft["EnabledIf"] ?? "",
            File = draft.Place.File,
            Line = draft.Place.Line,
        };
    }

    private ContextCondition? Condition(DraftItem draft)
    {
        if (draft["EnabledIf"] is not string text)
        {
            return null;
        }

        FieldPlace place = draft.PlaceOf("EnabledIf");
        ContextCondition condition;
        try
        {
            condition = ContextCondition.Parse(ItemText.Unescape(text));
        }
        catch (FormatException e)
        {
            _mistakes.Add("MORGANA054", place, e.Message + ".");
            return null;
        }

        // A comparison that can never hold is a slip of the pen.
        foreach (ContextCondition.Comparison comparison in condition.Comparisons)
        {
            string[] known = comparison.Variable switch
            {
                "architecture" => Architectures,
                "profile" => Profiles,
                _ => [],
            };
            if (
                known.Length > 0
                && !known.Any(word => WordPattern.Matches(comparison.Pattern, word))
            )
            {
                _mistakes.Add(
                    "MORGANA054",
                    place,
                    $"No {comparison.Variable} is called '{comparison.Pattern}'{Advice(comparison.Pattern, known, comparison.Variable + "s")}"
                );
            }
        }

        return condition;
    }

    private string Architecture(DraftItem draft)
    {
        string value = draft["Architecture"] ?? "x64";
        string? known = Architectures.FirstOrDefault(a =>
            a.Equals(value, StringComparison.OrdinalIgnoreCase)
        );
        if (known is null)
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf("Architecture"),
                $"There is no architecture '{value}'{Advice(value, Architectures, "architectures")}"
            );
        }

        return known ?? value;
    }

    private static string Advice(string word, string[] known, string kind) =>
        OtherNames.TryGetValue(word, out string? usual)
            ? $"; .NET calls it '{usual}'."
            : Spelling.Advice(word, known, kind);

    private string Profile(DraftItem draft)
    {
        string value = draft["Profile"] ?? "release";
        string? known = Profiles.FirstOrDefault(p =>
            p.Equals(value, StringComparison.OrdinalIgnoreCase)
        );
        if (known is null)
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf("Profile"),
                $"There is no profile '{value}'{Spelling.Advice(value, Profiles, "profiles")}"
            );
        }

        return known ?? value;
    }

    private string Image(DraftItem draft)
    {
        string image = ItemText.Unescape(draft["Image"] ?? "");
        if (image.AsSpan().ContainsAny(NotInFileNames) || image is "." or "..")
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf("Image"),
                $"The image '{image}' must be a file name without a folder: images go to dist/."
            );
        }

        return image;
    }

    private string Word(DraftItem draft, string field, string value)
    {
        if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf(field),
                $"{field} cannot be '{value}': it is one name, of letters, digits, '-', '_' and '.'."
            );
        }

        return value;
    }

    private bool Truth(DraftItem draft, string field, bool otherwise)
    {
        if (draft[field] is not string text)
        {
            return otherwise;
        }

        if (!bool.TryParse(text, out bool value))
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf(field),
                $"{field} is true or false, not '{text}'."
            );
        }

        return value;
    }

    private IReadOnlyList<string> Environment(DraftItem draft)
    {
        IReadOnlyList<string> list = ItemText.List(draft["Environment"]);
        foreach (string entry in list.Where(e => e.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            _mistakes.Add(
                "MORGANA055",
                draft.PlaceOf("Environment"),
                $"'{entry}' in Environment is not NAME=VALUE."
            );
        }

        return list;
    }

    private string FullPath(string path) =>
        Path.GetFullPath(PropsFile.Normal(ItemText.Unescape(path)), _folder);

    /// <summary>What configure wrote into project.props, or else the folder's name.</summary>
    private string NameOfProject()
    {
        string file = Path.Combine(_folder, "morgana", "project.props");
        try
        {
            if (File.Exists(file))
            {
                using XmlReader reader = XmlReader.Create(
                    file,
                    new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }
                );
                string? name = XDocument
                    .Load(reader)
                    .Descendants()
                    .FirstOrDefault(e => e.Name.LocalName == "MorganaName")
                    ?.Value;
                if (!string.IsNullOrWhiteSpace(name))
                {
                    return name.Trim();
                }
            }
        }
        catch (XmlException e)
        {
            _mistakes.Add(
                "MORGANA050",
                new FieldPlace(file, e.LineNumber),
                $"This is not well-formed XML: {e.Message} Run morgana configure, which writes it anew."
            );
        }

        return Path.GetFileName(_folder);
    }
}
