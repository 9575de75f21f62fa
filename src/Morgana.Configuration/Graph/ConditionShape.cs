using System.Text.Json.Serialization;

namespace Morgana.Configuration.Graph;

/// <summary>A condition as data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "condition")]
[JsonDerivedType(typeof(KeyIs), "is")]
[JsonDerivedType(typeof(Both), "and")]
[JsonDerivedType(typeof(Either), "or")]
[JsonDerivedType(typeof(Not), "not")]
internal abstract record ConditionShape
{
    /// <summary>The answer, for these values of the keys.</summary>
    public abstract bool Evaluate(KeyValues values);

    /// <summary>The keys that it asks about.</summary>
    [JsonIgnore]
    public abstract IEnumerable<KeyShape> Keys { get; }
}

/// <summary>The key has the value.</summary>
internal sealed record KeyIs : ConditionShape
{
    public required KeyShape Key { get; init; }

    public required string Value { get; init; }

    [JsonIgnore]
    public override IEnumerable<KeyShape> Keys => [Key];

    // Who asks with several targets at once hears of the first.
    public override bool Evaluate(KeyValues values) =>
        (Key.Kind == KeyKind.Target ? values.Targets[0] : values[Key.Name]) == Value;

    public override string ToString() =>
        (Key.Kind, Value) switch
        {
            (KeyKind.Flag, "true") => Key.Name,
            (KeyKind.Flag, "false") => $"!{Key.Name}",
            _ => $"{Key.Name} = {Value}",
        };
}

/// <summary>Both conditions hold.</summary>
internal sealed record Both : ConditionShape
{
    public required ConditionShape Left { get; init; }

    public required ConditionShape Right { get; init; }

    [JsonIgnore]
    public override IEnumerable<KeyShape> Keys => [.. Left.Keys, .. Right.Keys];

    public override bool Evaluate(KeyValues values) =>
        Left.Evaluate(values) && Right.Evaluate(values);

    public override string ToString() => $"({Left} & {Right})";
}

/// <summary>At least one condition holds.</summary>
internal sealed record Either : ConditionShape
{
    public required ConditionShape Left { get; init; }

    public required ConditionShape Right { get; init; }

    [JsonIgnore]
    public override IEnumerable<KeyShape> Keys => [.. Left.Keys, .. Right.Keys];

    public override bool Evaluate(KeyValues values) =>
        Left.Evaluate(values) || Right.Evaluate(values);

    public override string ToString() => $"({Left} | {Right})";
}

/// <summary>The condition does not hold.</summary>
internal sealed record Not : ConditionShape
{
    public required ConditionShape Operand { get; init; }

    [JsonIgnore]
    public override IEnumerable<KeyShape> Keys => Operand.Keys;

    public override bool Evaluate(KeyValues values) => !Operand.Evaluate(values);

    public override string ToString() => $"!({Operand})";
}
