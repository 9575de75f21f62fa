using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>A key with values of type <typeparamref name="T"/>. As a device it is the chosen value itself.</summary>
/// <typeparam name="T">bool, long, string or <see cref="Target"/>.</typeparam>
public class Key<T> : Key, IDevice<T>
{
    private readonly Func<T, string> _print;

    internal Key(KeyShape shape, Func<T, string> print)
        : base(shape) => _print = print;

    Node IDevice<T>.Node => new(new KeyNode { Key = Shape }, []);

    /// <summary>True when the key has this value.</summary>
    public Condition Is(T value) => new(new KeyIs { Key = Shape, Value = _print(value) });

    /// <summary>True when the key has one of these values.</summary>
    public Condition IsAnyOf(params ReadOnlySpan<T> values)
    {
        if (values.IsEmpty)
        {
            throw new ConfigurationException(
                $"Name at least one value that the key '{Shape.Name}' is compared with."
            );
        }

        Condition condition = Is(values[0]);
        foreach (T value in values[1..])
        {
            condition |= Is(value);
        }

        return condition;
    }
}
