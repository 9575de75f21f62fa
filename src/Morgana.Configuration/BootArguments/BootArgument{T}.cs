using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>
/// A value given to the image when it starts. It is a device like any other: give it to a definition or a job that asks
/// for a <typeparamref name="T"/>. Choices in the graph cannot hang on it, because they are made before there is an image:
/// for these take a <see cref="Key{T}"/>.
/// </summary>
/// <typeparam name="T">The type of the value at run time.</typeparam>
public sealed class BootArgument<T> : IDevice<T>
{
    internal BootArgument(ArgumentShape shape) => Shape = shape;

    internal ArgumentShape Shape { get; }

    Node IDevice<T>.Node => new(new ArgumentNode { Argument = Shape }, []);
}
