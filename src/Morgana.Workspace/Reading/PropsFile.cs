using System.Xml;
using System.Xml.Linq;
using Morgana.Workspace.Conditions;
using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Reading;

/// <summary>
/// Carries out one MSBuild file on the items read so far: Include, Update and Remove, as MSBuild would, for the kinds of items that the reader knows.
/// What it would have to evaluate as MSBuild does (conditions, properties) it refuses, since the tool reads these files without MSBuild.
/// </summary>
internal sealed class PropsFile(string projectFolder, ItemList items, Mistakes mistakes)
{
    private const int DeepestImport = 20;

    private static readonly string[] Operations = ["Include", "Update", "Remove"];

    /// <summary>Attributes of MSBuild's items that are no metadata.</summary>
    private static readonly string[] Reserved =
    [
        "Exclude",
        "KeepMetadata",
        "RemoveMetadata",
        "KeepDuplicates",
        "MatchOnMetadata",
        "MatchOnMetadataOptions",
    ];

    private readonly List<string> _open = [];

    /// <summary>The files that were read or looked for.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Reads a file and those that it imports.</summary>
    public void Read(string file)
    {
        if (!Files.Contains(file))
        {
            Files.Add(file);
        }

        if (!File.Exists(file))
        {
            return;
        }

        XElement? root = Parse(file);
        if (root is null)
        {
            return;
        }

        if (root.Name.LocalName != "Project")
        {
            mistakes.Add(
                "MORGANA050",
                Place(file, root),
                $"The outermost element is <{root.Name.LocalName}>; an MSBuild file begins with <Project>."
            );
            return;
        }

        _open.Add(file);
        foreach (XElement child in root.Elements())
        {
            Carry(file, root, child);
        }

        _open.RemoveAt(_open.Count - 1);
    }

    private void Carry(string file, XElement root, XElement child)
    {
        switch (child.Name.LocalName)
        {
            case "ItemGroup":
                foreach (XElement item in child.Elements())
                {
                    Item(file, [root, child], item);
                }

                break;
            case "Import":
                Import(file, child);
                break;
            default:
                // Properties and targets are MSBuild's own affair, unless one of ours hides among them.
                foreach (XElement hidden in child.Descendants())
                {
                    if (ItemKind.Find(hidden.Name.LocalName) is ItemKind kind)
                    {
                        mistakes.Add(
                            "MORGANA056",
                            Place(file, hidden),
                            $"<{kind.Name}> inside <{child.Name.LocalName}> is not understood: morgana reads this file without MSBuild. Put it into an <ItemGroup> directly under <Project>; EnabledIf says when it counts."
                        );
                    }
                }

                break;
        }
    }

    private void Import(string file, XElement import)
    {
        RefuseCondition(file, import, "an <Import>");
        XAttribute? project = import.Attribute("Project");
        if (project is null || import.Attribute("Sdk") is not null)
        {
            return;
        }

        FieldPlace place = Place(file, project);
        string? path = Expand(project.Value, place, file, null, null);
        if (path is null)
        {
            return;
        }

        // Unlike paths of items, an import begins at the file in which it stands.
        string full = Path.GetFullPath(Normal(path), Path.GetDirectoryName(file)!);
        if (!File.Exists(full))
        {
            mistakes.Add("MORGANA050", place, $"There is no file {full} to import.");
        }
        else if (_open.Contains(full) || _open.Count >= DeepestImport)
        {
            mistakes.Add(
                "MORGANA050",
                place,
                $"These files import each other in a circle: {string.Join(" -> ", _open.Append(full).Select(Path.GetFileName))}."
            );
        }
        else
        {
            Read(full);
        }
    }

    private void Item(string file, XElement[] around, XElement element)
    {
        string name = element.Name.LocalName;
        ItemKind? kind = ItemKind.Find(name);
        if (kind is null)
        {
            if (Spelling.Nearest(name, ItemKind.All.Select(k => k.Name)) is string near)
            {
                mistakes.Add(
                    "MORGANA051",
                    Place(file, element),
                    $"There are no items called <{name}>; did you mean <{near}>?"
                );
            }

            return;
        }

        foreach (XElement group in around)
        {
            RefuseCondition(file, group, $"a <{group.Name.LocalName}> with <{kind.Name}> in it");
        }

        RefuseCondition(file, element, $"a <{kind.Name}>");
        XAttribute[] operations =
        [
            .. element.Attributes().Where(a => Operations.Contains(a.Name.LocalName)),
        ];
        if (operations is not [XAttribute operation])
        {
            mistakes.Add(
                "MORGANA050",
                Place(file, element),
                $"A <{kind.Name}> has exactly one of Include=\"NAME\", Update=\"NAME\" and Remove=\"NAME\"; this one has {(operations.Length == 0 ? "none" : string.Join(" and ", operations.Select(o => o.Name.LocalName)))}."
            );
            return;
        }

        FieldPlace place = Place(file, operation);
        List<(string Name, string Text, FieldPlace Place)> said = Fields(file, kind, element);
        if (Expand(operation.Value, place, file, null, null) is not string names)
        {
            return;
        }

        IReadOnlyList<string> list = ItemText.List(names);
        if (list.Count == 0)
        {
            mistakes.Add("MORGANA050", place, $"{operation.Name.LocalName} names nothing.");
        }

        foreach (string one in list)
        {
            Carry(file, kind, operation.Name.LocalName, one, place, said);
        }
    }

    private void Carry(
        string file,
        ItemKind kind,
        string operation,
        string name,
        FieldPlace place,
        List<(string Name, string Text, FieldPlace Place)> said
    )
    {
        IReadOnlyList<DraftItem> affected;
        switch (operation)
        {
            case "Include":
                if (items.Include(kind, name, place, mistakes) is not DraftItem added)
                {
                    return;
                }

                affected = [added];
                break;
            case "Remove":
                items.Remove(kind, name, place, mistakes);
                return;
            default:
                affected = items.Select(kind, name, place, "update", mistakes);
                break;
        }

        foreach (DraftItem item in affected)
        {
            foreach ((string field, string text, FieldPlace where) in said)
            {
                if (Expand(text, where, file, kind, item) is string value)
                {
                    item.Fields[field] = (value.Trim(), where);
                }
            }
        }
    }

    private List<(string Name, string Text, FieldPlace Place)> Fields(
        string file,
        ItemKind kind,
        XElement element
    )
    {
        List<(string, string, FieldPlace)> said = [];
        foreach (XAttribute attribute in element.Attributes())
        {
            string name = attribute.Name.LocalName;
            if (
                !attribute.IsNamespaceDeclaration
                && !Operations.Contains(name)
                && name != "Condition"
            )
            {
                Add(name, attribute.Value, Place(file, attribute));
            }
        }

        foreach (XElement child in element.Elements())
        {
            RefuseCondition(file, child, $"a field of a <{kind.Name}>");
            if (child.HasElements)
            {
                mistakes.Add(
                    "MORGANA050",
                    Place(file, child),
                    $"The field <{child.Name.LocalName}> has elements in it where text should stand."
                );
            }
            else
            {
                Add(child.Name.LocalName, child.Value, Place(file, child));
            }
        }

        return said;

        void Add(string name, string text, FieldPlace place)
        {
            if (kind.Field(name) is string field)
            {
                if (said.Any(other => other.Item1 == field))
                {
                    mistakes.Add("MORGANA051", place, $"{field} is said twice.");
                }

                said.Add((field, text, place));
            }
            else if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add(
                    "MORGANA056",
                    place,
                    $"{name} is not understood here: name what is meant with Include, Update and Remove."
                );
            }
            else
            {
                mistakes.Add(
                    "MORGANA051",
                    place,
                        // MSBuild takes no metadata called like one of its elements.
                        name.Equals("Target", StringComparison.OrdinalIgnoreCase)
                            ? $"A <{kind.Name}> has no field 'Target': MSBuild keeps that word for itself; write TargetName."
                        : kind.Fields.Count == 0
                            ? $"A <{kind.Name}> has no field '{name}': it has none."
                        : $"A <{kind.Name}> has no field '{name}'{Spelling.Advice(name, kind.Fields, "fields")}"
                );
            }
        }
    }

    /// <summary>Puts in what stands for something else; null after a mistake.</summary>
    private string? Expand(
        string text,
        FieldPlace place,
        string file,
        ItemKind? kind,
        DraftItem? item
    )
    {
        text = text.Replace(
                "$(MSBuildThisFileDirectory)",
                ItemText.Escape(WithSlash(Path.GetDirectoryName(file)!)),
                StringComparison.OrdinalIgnoreCase
            )
            .Replace(
                "$(MSBuildProjectDirectory)",
                ItemText.Escape(projectFolder),
                StringComparison.OrdinalIgnoreCase
            );
        foreach (string sign in (string[])["$(", "@("])
        {
            int at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at >= 0)
            {
                mistakes.Add(
                    "MORGANA056",
                    place,
                    $"{Quoted(text, at)} cannot be used here: morgana reads this file without MSBuild and does not know its value. Write the value itself; for paths there are $(MSBuildThisFileDirectory) and $(MSBuildProjectDirectory), and EnabledIf says when something counts."
                );
                return null;
            }
        }

        for (int at; (at = text.IndexOf("%(", StringComparison.Ordinal)) >= 0; )
        {
            string name = Quoted(text, at);
            string inner = name[2..].TrimEnd(')').Trim();
            string? value =
                kind is null || item is null ? null
                : inner.Equals("Identity", StringComparison.OrdinalIgnoreCase) ? item.Name
                : kind.Field(inner) is string field ? item[field] ?? ""
                : null;
            if (value is null || !name.EndsWith(')'))
            {
                mistakes.Add(
                    "MORGANA056",
                    place,
                    $"{name} cannot be used here: only the item's own fields can, as in CFlags=\"%(CFlags);-DX\"."
                );
                return null;
            }

            text = text[..at] + value + text[(at + name.Length)..];
        }

        return text;

        static string Quoted(string text, int at)
        {
            int end = text.IndexOf(')', at);
            return end < 0 ? text[at..] : text[at..(end + 1)];
        }
    }

    private void RefuseCondition(string file, XElement element, string what)
    {
        if (element.Attribute("Condition") is XAttribute condition)
        {
            mistakes.Add(
                "MORGANA056",
                Place(file, condition),
                $"Condition is not understood on {what}: morgana reads this file without MSBuild. Use EnabledIf, as in EnabledIf=\"architecture == arm64 and profile != debug\"."
            );
        }
    }

    private XElement? Parse(string file)
    {
        try
        {
            // A document type could name other files or grow without end.
            using XmlReader reader = XmlReader.Create(
                file,
                new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit,
                    XmlResolver = null,
                    IgnoreComments = true,
                    CloseInput = true,
                }
            );
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException e)
        {
            mistakes.Add(
                "MORGANA050",
                new FieldPlace(file, Math.Max(1, e.LineNumber)),
                $"This is not well-formed XML: {e.Message}"
            );
            return null;
        }
    }

    /// <summary>Paths are written with either slash, as MSBuild allows.</summary>
    internal static string Normal(string path) =>
        Path.DirectorySeparatorChar == '/' ? path.Replace('\\', '/') : path;

    private static string WithSlash(string folder) =>
        folder.EndsWith(Path.DirectorySeparatorChar)
            ? folder
            : folder + Path.DirectorySeparatorChar;

    private static FieldPlace Place(string file, IXmlLineInfo at) =>
        new(file, at.HasLineInfo() ? at.LineNumber : 0);
}
