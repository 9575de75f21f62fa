using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>
/// A value that the image will have when it runs: a network, a clock, a stack, a boot argument. In config.cs it is only a
/// promise of that value, and <typeparamref name="T"/> says which C# type it keeps: either the type itself or one of the
/// stand-ins of this library (<see cref="StandsForAttribute"/>). A device of a more exact type serves where a wider
/// one is asked for, as a stack serves where UDP is asked for.
/// </summary>
/// <typeparam name="T">The type of the value at run time.</typeparam>
public interface IDevice<out T>
{
    /// <summary>The node of the graph behind the value.</summary>
    internal Node Node { get; }
}
