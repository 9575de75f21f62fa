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

    // The compiler looks for operators in the types of the operands, before any conversion: so they are here as well.

    /// <summary>The condition that the key is false.</summary>
    public static Condition operator !(FlagKey key) => key.LogicalNot();

    /// <summary>The condition that both keys are true.</summary>
    public static Condition operator &(FlagKey left, FlagKey right) => left.BitwiseAnd(right);

    /// <summary>The condition that at least one of the keys is true.</summary>
    public static Condition operator |(FlagKey left, FlagKey right) => left.BitwiseOr(right);

    /// <summary>The condition that the key is false; the same as the operator.</summary>
    public Condition LogicalNot() => Is(false);

    /// <summary>The condition that both keys are true; the same as the operator.</summary>
    public Condition BitwiseAnd(FlagKey other) => ToCondition() & other.ToCondition();

    /// <summary>The condition that at least one of the keys is true; the same as the operator.</summary>
    public Condition BitwiseOr(FlagKey other) => ToCondition() | other.ToCondition();
}
