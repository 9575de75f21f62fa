namespace Morgana.Runtime;

/// <summary>One boot argument of <see cref="BootArguments"/>.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed class BootArgument<T>
{
    private readonly BootArguments _owner;
    private readonly string _name;
    private T _value = default!;

    internal BootArgument(BootArguments owner, string name)
    {
        _owner = owner;
        _name = name;
    }

    /// <summary>The value that was given, else the default.</summary>
    /// <exception cref="InvalidOperationException">The arguments have not been read, or were refused.</exception>
    public T Value
    {
        get =>
            _owner.AreRead
                ? _value
                : throw new InvalidOperationException(
                    $"The value of {_name} is known only after BootArguments.Read returned null."
                );
        internal set => _value = value;
    }
}
