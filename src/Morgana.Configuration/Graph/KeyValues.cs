namespace Morgana.Configuration.Graph;

/// <summary>A value for each key of a graph, in the keys' one spelling.</summary>
internal sealed class KeyValues
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    private KeyValues() { }

    /// <summary>The value of the key of this name.</summary>
    public string this[string key] => _values[key];

    /// <summary>The targets that the unikernel is configured for, at least one.</summary>
    public IReadOnlyList<string> Targets => TargetList.Split(_values[Key.Target.Shape.Name]);

    /// <summary>The same values for one of the targets.</summary>
    public KeyValues For(string target)
    {
        KeyValues values = new();
        foreach ((string key, string value) in _values)
        {
            values._values.Add(key, value);
        }

        values._values[Key.Target.Shape.Name] = target;
        return values;
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <summary>The defaults of <paramref name="keys"/>, and what was given in their place.</summary>
    /// <exception cref="ConfigurationException">A name that is no key, or a value that the key cannot have.</exception>
    public static KeyValues From(
        IEnumerable<KeyShape> keys,
        IReadOnlyDictionary<string, string> given
    )
    {
        KeyValues values = new();
        Dictionary<string, KeyShape> known = keys.ToDictionary(k => k.Name);
        foreach (KeyShape key in known.Values)
        {
            values._values[key.Name] = key.Default;
        }

        foreach ((string name, string text) in given)
        {
            if (!known.TryGetValue(name, out KeyShape? key))
            {
                throw new ConfigurationException(
                    $"There is no key '{name}'. The keys of this unikernel are: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}."
                );
            }

            if (!key.TryRead(text, out string value, out string error))
            {
                throw new ConfigurationException($"The key '{name}' cannot be '{text}': {error}.");
            }

            values._values[name] = value;
        }

        return values;
    }
}
