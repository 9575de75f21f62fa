using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>A question about keys that is answered when the unikernel is configured. Combine with <c>&amp;</c>, <c>|</c> and <c>!</c>.</summary>
public sealed class Condition
{
    internal Condition(ConditionShape shape) => Shape = shape;

    internal ConditionShape Shape { get; }

    /// <summary>Both.</summary>
    public static Condition operator &(Condition left, Condition right) =>
        new(new Both { Left = left.Shape, Right = right.Shape });

    /// <summary>One or the other, or both.</summary>
    public static Condition operator |(Condition left, Condition right) =>
        new(new Either { Left = left.Shape, Right = right.Shape });

    /// <summary>Not.</summary>
    public static Condition operator !(Condition condition) =>
        new(new Not { Operand = condition.Shape });

    /// <summary>Both; the same as the operator.</summary>
    public Condition BitwiseAnd(Condition other) => this & other;

    /// <summary>One or the other; the same as the operator.</summary>
    public Condition BitwiseOr(Condition other) => this | other;

    /// <summary>Not; the same as the operator.</summary>
    public Condition LogicalNot() => !this;
}
