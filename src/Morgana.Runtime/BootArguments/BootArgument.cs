using System.CommandLine;

namespace Morgana.Runtime;

/// <summary>One boot argument of <see cref="BootArguments"/>.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed class BootArgument<T>
{
    private readonly Option<T> _option;
    private readonly BootArguments _owner;

    internal BootArgument(BootArguments owner, Option<T> option)
    {
        _owner = owner;
        _option = option;
    }

    /// <summary>The value that was given, else the default.</summary>
    /// <exception cref="InvalidOperationException">The arguments have not been read, or were refused.</exception>
    public T Value =>
        _owner.Parsed is { } parsed
            ? parsed.GetValue(_option)!
            : throw new InvalidOperationException(
                $"The value of {_option.Name} is known only after BootArguments.Read returned null."
            );
}
