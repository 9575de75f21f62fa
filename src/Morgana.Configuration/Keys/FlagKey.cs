namespace Morgana.Configuration;

/// <summary>A key that is true or false, and so a condition by itself.</summary>
public sealed class FlagKey : Key<bool>
{
    internal FlagKey(Graph.KeyShape shape)
        : base(shape, value => value ? "true" : "false") { }

    /// <summary>The condition that the key is true.</summary>
    public Condition ToCondition() => Is(true);

    /// <summary>The condition that the key is true.</summary>
    public static implicit operator Condition(FlagKey key) => key.ToCondition();
}
