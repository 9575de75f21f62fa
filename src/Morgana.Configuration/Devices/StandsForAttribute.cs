namespace Morgana.Configuration;

/// <summary>
/// Names the C# type that an interface of config.cs stands for in the generated program, so that config.cs need not
/// refer to the library that holds it. Declare such an interface for each type of your own that devices are made of:
/// <c>[StandsFor("MyApp.Store")] interface IStore;</c>
/// </summary>
/// <param name="type">Full name of the type as C# writes it, without <c>global::</c>.</param>
[AttributeUsage(
    AttributeTargets.Interface | AttributeTargets.Class | AttributeTargets.Struct,
    Inherited = false
)]
public sealed class StandsForAttribute(string type) : Attribute
{
    /// <summary>Full name of the type as C# writes it.</summary>
    public string Type { get; } = type;
}
