using Morgana.Workspace.Conditions;
using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Reading;

/// <summary>The items of all kinds while files are read.</summary>
internal sealed class ItemList
{
    private readonly Dictionary<ItemKind, List<DraftItem>> _items = ItemKind.All.ToDictionary(
        kind => kind,
        _ => new List<DraftItem>()
    );

    public ItemList() =>
        _items[ItemKind.Context]
            .Add(new DraftItem(BuildContext.DefaultName, new FieldPlace("", 0)));

    public IReadOnlyList<DraftItem> this[ItemKind kind] => _items[kind];

    /// <summary>A new item; null after a mistake.</summary>
    public DraftItem? Include(ItemKind kind, string name, FieldPlace place, Mistakes mistakes)
    {
        if (kind != ItemKind.ToolchainFolder && !IsName(name))
        {
            mistakes.Add(
                "MORGANA052",
                place,
                WordPattern.HasWildcard(name)
                    ? $"Include names one {kind.Name}; wildcards are for Update and Remove."
                    : $"'{name}' cannot be the name of a {kind.Name}: names have letters, digits, '-', '_' and '.', and begin with a letter or digit."
            );
            return null;
        }

        DraftItem? earlier = _items[kind].Find(item => Same(item.Name, name));
        if (earlier is not null)
        {
            mistakes.Add(
                "MORGANA052",
                place,
                earlier.Place.File.Length == 0
                    ? $"The context '{name}' is always there: change it with Update=\"{name}\" in place of Include."
                    : $"There is a {kind.Name} '{earlier.Name}' already, at {earlier.Place.File}({earlier.Place.Line}): choose another name, or change that one with Update=\"{earlier.Name}\" in place of Include."
            );
            return null;
        }

        DraftItem added = new(name, place);
        _items[kind].Add(added);
        return added;
    }

    /// <summary>Takes items away.</summary>
    public void Remove(ItemKind kind, string pattern, FieldPlace place, Mistakes mistakes)
    {
        foreach (DraftItem item in Select(kind, pattern, place, "remove", mistakes))
        {
            if (item.Place.File.Length > 0)
            {
                _ = _items[kind].Remove(item);
            }
            else if (!WordPattern.HasWildcard(pattern))
            {
                mistakes.Add(
                    "MORGANA052",
                    place,
                    $"The context '{item.Name}' cannot be removed: every other stands on it."
                );
            }
        }
    }

    /// <summary>The items that a name or pattern means.</summary>
    public IReadOnlyList<DraftItem> Select(
        ItemKind kind,
        string pattern,
        FieldPlace place,
        string what,
        Mistakes mistakes
    )
    {
        DraftItem[] found =
        [
            .. _items[kind].Where(item => WordPattern.Matches(pattern, item.Name)),
        ];
        // A pattern means the contexts that make images; who means the default one names it.
        if (kind == ItemKind.Context && WordPattern.HasWildcard(pattern))
        {
            found = [.. found.Where(item => item.Place.File.Length > 0)];
        }

        if (found.Length > 0 || WordPattern.HasWildcard(pattern))
        {
            return found;
        }

        // The user's file outlives each configure, and may speak of what is not configured this time.
        string? near = _items[kind]
            .Select(item => item.Name)
            .FirstOrDefault(name => Spelling.Distance(name, pattern) == 1);
        string message = $"There is no {kind.Name} '{pattern}' to {what}";
        if (near is not null)
        {
            mistakes.Add("MORGANA052", place, $"{message}; did you mean '{near}'?");
        }
        else
        {
            mistakes.Note(
                "MORGANA057",
                place,
                $"{message} as the unikernel is configured now; there are: {string.Join(", ", _items[kind].Select(item => item.Name))}."
            );
        }

        return [];
    }

    private static bool Same(string one, string other) =>
        one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
