using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Generation;

/// <summary>A graph whose choices are made, for one target and with its drivers.</summary>
internal sealed class EvaluatedGraph
{
    private readonly NodeShape[] _nodes;

    /// <exception cref="ConfigurationException">What is left contradicts itself.</exception>
    /// <param name="graph">The graph.</param>
    /// <param name="values">Values of its keys.</param>
    /// <param name="target">The target; null is the first of the values.</param>
    public EvaluatedGraph(UnikernelGraph graph, KeyValues values, Target? target = null)
    {
        Graph = graph;
        Target = target ?? graph.TargetsOf(values)[0];
        Values = values.For(Target.Name);
        _nodes = [.. graph.Nodes.Select(Driven)];
        Chosen = Choose();
        LetArgumentsBeOptional();
        Arguments =
        [
            .. Chosen
                .Select(Node)
                .OfType<ArgumentNode>()
                .Select(n => n.Argument)
                .OrderBy(a => a.Name, StringComparer.Ordinal),
        ];
        Needs =
        [
            .. Chosen
                .Select(Node)
                .OfType<DeviceNode>()
                .SelectMany(n => n.Needs)
                .Concat(Target.Needs)
                .Where(n => n.Kind != NeedKind.Driver)
                .Distinct()
                .OrderBy(n => n.Kind)
                .ThenBy(n => n.Name, StringComparer.Ordinal),
        ];
        // Only what is left after the choices has to agree: two targets may well have an argument of the same name.
        Refuse(
            Arguments.GroupBy(a => a.Name).FirstOrDefault(g => g.Count() > 1)?.Key,
            "Two different boot arguments are called '--{0}': give one of them another name, or give the stacks a group."
        );
        Refuse(
            Arguments
                .Where(a => a.Alias is not null)
                .GroupBy(a => a.Alias)
                .FirstOrDefault(g => g.Count() > 1)
                ?.Key?.ToString(),
            "Two boot arguments have the short form '-{0}': take it from one of them."
        );
        Refuse(
            Needs
                .Where(n => n.Kind == NeedKind.Package)
                .GroupBy(n => n.Name, StringComparer.OrdinalIgnoreCase)
                .FirstOrDefault(g => g.Count() > 1)
                ?.Key,
            "The package '{0}' is needed in two versions: agree on one."
        );
        Refuse(
            Slots.GroupBy(n => n.Name).FirstOrDefault(g => g.Count() > 1)?.Key,
            "The manifest would have a network and a block device called '{0}': rename one."
        );
        Refuse(
            Slots.Count() > 63
                ? Slots.Count().ToString(System.Globalization.CultureInfo.InvariantCulture)
                : null,
            "The manifest would have {0} devices: 63 is the most that Solo5 allows."
        );
    }

    public UnikernelGraph Graph { get; }

    public Target Target { get; }

    public KeyValues Values { get; }

    /// <summary>The nodes that are left, inputs first.</summary>
    public IReadOnlyList<int> Chosen { get; }

    /// <summary>The boot arguments that are left, by name.</summary>
    public IReadOnlyList<ArgumentShape> Arguments { get; }

    /// <summary>What the build must have, by kind and name.</summary>
    public IReadOnlyList<Need> Needs { get; }

    /// <summary>The devices of the manifest.</summary>
    public IEnumerable<Need> Slots =>
        Needs.Where(n => n.Kind is NeedKind.NetworkSlot or NeedKind.BlockSlot);

    /// <summary>The node that stands for <paramref name="place"/>.</summary>
    public int Resolve(int place) => Graph.Resolve(place, Values);

    /// <summary>The node at <paramref name="place"/> as this target has it.</summary>
    public NodeShape Node(int place) => _nodes[place];

    /// <summary>The inputs of a device that its expression mentions, in their places; what is left out is null.</summary>
    public IEnumerable<int?> Inputs(DeviceNode device) =>
        device.Inputs.Select(
            (input, i) =>
                Target.DriverOf(device) is not null && !Template.Mentions(device.Expression, i)
                    ? null
                    : (int?)Resolve(input)
        );

    /// <summary>True when a program that was made for the other target serves this one as well.</summary>
    public bool IsSameProgram(EvaluatedGraph other) =>
        Chosen.SequenceEqual(other.Chosen)
        && Chosen.All(place =>
            (Node(place), other.Node(place)) switch
            {
                (DeviceNode one, DeviceNode two) => one.Expression == two.Expression,
                (ArgumentNode one, ArgumentNode two) => one.Argument == two.Argument,
                _ => true,
            }
        );

    private NodeShape Driven(NodeShape node)
    {
        if (node is not DeviceNode device || Target.DriverOf(device) is not { } driver)
        {
            return node;
        }

        string name =
            device
                .Needs.FirstOrDefault(n => n.Kind is NeedKind.NetworkSlot or NeedKind.BlockSlot)
                ?.Name
            ?? device.Name;
        return device with
        {
            Expression = driver.Expression.Replace(
                "{name}",
                Generation.CSharp.Literal(name),
                StringComparison.Ordinal
            ),
            Needs = [.. device.Needs, .. driver.Needs],
        };
    }

    private List<int> Choose()
    {
        List<int> order = [];
        HashSet<int> seen = [];
        Visit(Resolve(Graph.Nodes.Length - 1));
        return order;

        void Visit(int place)
        {
            if (!seen.Add(place))
            {
                return;
            }

            IEnumerable<int?> inputs = Node(place) is DeviceNode device
                ? Inputs(device)
                : Node(place).Inputs.Select(input => (int?)Resolve(input));
            foreach (int input in inputs.OfType<int>())
            {
                Visit(input);
            }

            order.Add(place);
        }
    }

    /// <summary>An argument may be left out when all that take it can do without.</summary>
    private void LetArgumentsBeOptional()
    {
        HashSet<int> optional = [];
        HashSet<int> required = [];
        foreach (DeviceNode device in Chosen.Select(Node).OfType<DeviceNode>())
        {
            bool without = Target.DriverOf(device) is { ArgumentsAreOptional: true };
            (without ? optional : required).UnionWith(Inputs(device).OfType<int>());
        }

        foreach (int place in optional.Except(required))
        {
            if (_nodes[place] is ArgumentNode { Argument.Kind: ArgumentKind.Required } node)
            {
                _nodes[place] = node with
                {
                    Argument = node.Argument with { Kind = ArgumentKind.Optional },
                };
            }
        }
    }

    private static void Refuse(string? what, string message)
    {
        if (what is not null)
        {
            throw new ConfigurationException(
                message.Replace("{0}", what, StringComparison.Ordinal)
            );
        }
    }
}
