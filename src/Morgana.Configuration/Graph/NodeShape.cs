using System.Text.Json.Serialization;

namespace Morgana.Configuration.Graph;

/// <summary>A node of the graph as data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "node")]
[JsonDerivedType(typeof(DeviceNode), "device")]
[JsonDerivedType(typeof(ChoiceNode), "choice")]
[JsonDerivedType(typeof(ArgumentNode), "argument")]
[JsonDerivedType(typeof(KeyNode), "key")]
internal abstract record NodeShape
{
    /// <summary>Places of the inputs in the graph's list of nodes, all before this node's own.</summary>
    public int[] Inputs { get; init; } = [];
}

/// <summary>Something made by a C# expression.</summary>
internal sealed record DeviceNode : NodeShape
{
    /// <summary>What the variable is called.</summary>
    public required string Name { get; init; }

    /// <summary>The type of the variable, as C# source.</summary>
    public required string Type { get; init; }

    /// <summary>The expression with {n} for input n.</summary>
    public required string Expression { get; init; }

    /// <summary>What the build must have for it.</summary>
    public Need[] Needs { get; init; } = [];

    /// <summary>True for the job, the root of the graph.</summary>
    public bool IsJob { get; init; }
}

/// <summary>One of several inputs: the first whose condition holds, else the last.</summary>
internal sealed record ChoiceNode : NodeShape
{
    /// <summary>One condition for each input but the last.</summary>
    public required ConditionShape[] Conditions { get; init; }
}

/// <summary>The value of a boot argument.</summary>
internal sealed record ArgumentNode : NodeShape
{
    /// <summary>The argument.</summary>
    public required ArgumentShape Argument { get; init; }
}

/// <summary>The value of a key.</summary>
internal sealed record KeyNode : NodeShape
{
    /// <summary>The key.</summary>
    public required KeyShape Key { get; init; }
}
