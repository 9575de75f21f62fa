using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Reading;

/// <summary>An item while files are read: fields as they are written, each with its place.</summary>
internal sealed class DraftItem(string name, FieldPlace place)
{
    public string Name { get; } = name;

    /// <summary>Where it was included.</summary>
    public FieldPlace Place { get; } = place;

    /// <summary>The fields by the names of <see cref="ItemKind"/>.</summary>
    public Dictionary<string, (string Text, FieldPlace Place)> Fields { get; } = [];

    /// <summary>The text of a field; null when it was not said, or is empty as after being taken back.</summary>
    public string? this[string field] =>
        Fields.TryGetValue(field, out (string Text, FieldPlace) said) && said.Text.Length > 0
            ? said.Text
            : null;

    public FieldPlace PlaceOf(string field) =>
        Fields.TryGetValue(field, out (string, FieldPlace Place) said) ? said.Place : Place;
}
