using System.Text.Json;
using System.Text.Json.Serialization;
using Morgana.Configuration.Generation;

namespace Morgana.Configuration.Graph;

/// <summary>
/// What config.cs says, as data: the devices with their choices still open, and the keys that close them. The tool gets
/// it from config.cs once and makes everything else from it.
/// </summary>
internal sealed record UnikernelGraph
{
    /// <summary>Changes whenever the meaning of the data does: config.cs and the tool must agree.</summary>
    public const int CurrentFormat = 2;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the unikernel and its image.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a sentence; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary>The nodes: inputs come before what is made of them; the last one is the job.</summary>
    public required NodeShape[] Nodes { get; init; }

    /// <summary>All keys by name, the target among them.</summary>
    public required KeyShape[] Keys { get; init; }

    /// <summary>Targets that config.cs has registered, beside the built-in ones.</summary>
    public Target[] OwnTargets { get; init; } = [];

    /// <summary>The targets that there are.</summary>
    [JsonIgnore]
    public IEnumerable<Target> Targets => [.. Target.BuiltIn, .. OwnTargets];

    /// <summary>Files that config.cs read and told about, relative to its folder.</summary>
    public string[] Inputs { get; init; } = [];

    /// <summary>The graph that ends in <paramref name="job"/>. Equal nodes become one: two mentions of a device are the same device.</summary>
    /// <exception cref="ConfigurationException">Names that clash.</exception>
    public static UnikernelGraph From(
        string name,
        string description,
        Node job,
        IEnumerable<KeyShape> keys,
        IEnumerable<string> inputs,
        params IReadOnlyList<Target> ownTargets
    )
    {
        NameRules.CheckUnikernel(name);
        List<NodeShape> nodes = [];
        Dictionary<string, int> places = [];
        Dictionary<Node, int> seen = new(ReferenceEqualityComparer.Instance);
        Visit(job);

        // Which targets there are is known only now: conditions and nodes name the key without them.
        List<KeyShape> all = [.. keys.Where(key => key.Kind != KeyKind.Target)];
        foreach (NodeShape node in nodes)
        {
            all.AddRange(
                node switch
                {
                    ChoiceNode choice => choice
                        .Conditions.SelectMany(c => c.Keys)
                        .Where(key => key.Kind != KeyKind.Target),
                    KeyNode { Key.Kind: not KeyKind.Target } key => [key.Key],
                    _ => [],
                }
            );
        }

        string[] targets = [.. Target.BuiltIn.Concat(ownTargets).Select(target => target.Name)];
        all.Add(Key.Target.Shape with { Choices = targets });
        UnikernelGraph graph = new()
        {
            Name = name,
            Description = description,
            Nodes = [.. nodes],
            Keys = [.. all.Distinct().OrderBy(k => k.Name, StringComparer.Ordinal)],
            Inputs = [.. inputs.Distinct().Order(StringComparer.Ordinal)],
            OwnTargets = [.. ownTargets],
        };
        graph.CheckNames();
        return graph;

        int Visit(Node node)
        {
            if (seen.TryGetValue(node, out int place))
            {
                return place;
            }

            NodeShape shape = node.Shape with { Inputs = [.. node.Inputs.Select(Visit)] };
            string identity = JsonSerializer.Serialize(shape, GraphJson.Default.NodeShape);
            if (!places.TryGetValue(identity, out place))
            {
                place = nodes.Count;
                places.Add(identity, place);
                nodes.Add(shape);
            }

            seen.Add(node, place);
            return place;
        }
    }

    /// <summary>The targets of these values.</summary>
    public IReadOnlyList<Target> TargetsOf(KeyValues values) =>
        [.. values.Targets.Select(name => Targets.First(target => target.Name == name))];

    /// <summary>The nodes that stay when the choices are made, inputs first.</summary>
    public IReadOnlyList<int> Chosen(KeyValues values)
    {
        List<int> order = [];
        HashSet<int> seen = [];
        Visit(Resolve(Nodes.Length - 1, values));
        return order;

        void Visit(int place)
        {
            if (!seen.Add(place))
            {
                return;
            }

            foreach (int input in Nodes[place].Inputs)
            {
                Visit(Resolve(input, values));
            }

            order.Add(place);
        }
    }

    /// <summary>The node that stands at <paramref name="place"/> when the choices are made.</summary>
    public int Resolve(int place, KeyValues values)
    {
        while (Nodes[place] is ChoiceNode choice)
        {
            int chosen = Array.FindIndex(choice.Conditions, c => c.Evaluate(values));
            place = choice.Inputs[chosen < 0 ? ^1 : chosen];
        }

        return place;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not a graph of this format.</exception>
    public static UnikernelGraph FromJson(string json)
    {
        UnikernelGraph graph =
            JsonSerializer.Deserialize(json, GraphJson.Default.UnikernelGraph)
            ?? throw new JsonException("The graph is empty.");
        if (graph.Format != CurrentFormat)
        {
            throw new JsonException(
                $"The graph has format {graph.Format}; this tool understands {CurrentFormat}. Let config.cs name the Morgana.Configuration of the tool's own version."
            );
        }

        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            NodeShape node = graph.Nodes[i];
            if (
                node.Inputs.Any(input => input < 0 || input >= i)
                || (node is ChoiceNode c && c.Inputs.Length != c.Conditions.Length + 1)
            )
            {
                throw new JsonException($"Node {i} of the graph has inputs that cannot be.");
            }
        }

        return graph.Nodes.LastOrDefault() is DeviceNode { IsJob: true } or ChoiceNode
            ? graph
            : throw new JsonException("The graph does not end in a job.");
    }

    /// <summary>The graph as JSON, the same for equal graphs.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GraphJson.Default.UnikernelGraph);

    private void CheckNames()
    {
        foreach (IGrouping<string, KeyShape> group in Keys.GroupBy(k => k.Name))
        {
            if (group.Count() > 1)
            {
                throw new ConfigurationException(
                    $"Two different keys are called '{group.Key}': give one of them another name."
                );
            }
        }

        // Hyphens are all that C# does not have, and two names may differ in them alone.
        foreach (IGrouping<string, KeyShape> group in Keys.GroupBy(k => CSharp.Pascal(k.Name)))
        {
            if (group.Count() > 1)
            {
                throw new ConfigurationException(
                    $"The keys {string.Join(" and ", group.Select(k => $"'{k.Name}'"))} would both be called {group.Key} in Morgana.Generated.Keys: give one of them another name."
                );
            }
        }

        foreach (
            string reserved in (string[])
                [
                    "arch",
                    "directory",
                    "dot",
                    "eval",
                    "file",
                    "force",
                    "help",
                    "json",
                    "svg",
                    "verbose",
                    "version",
                ]
        )
        {
            if (Keys.Any(k => k.Name == reserved))
            {
                throw new ConfigurationException(
                    $"No key can be called '{reserved}': `morgana configure` or `describe` has an option of that name."
                );
            }
        }
    }
}

/// <summary>Compiled serialisers: config.cs is built with reflection-based JSON switched off.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(UnikernelGraph))]
internal sealed partial class GraphJson : JsonSerializerContext;
