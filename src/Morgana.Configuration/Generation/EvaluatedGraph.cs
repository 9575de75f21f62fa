using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Generation;

/// <summary>A graph whose choices are made.</summary>
internal sealed class EvaluatedGraph
{
    /// <exception cref="ConfigurationException">What is left contradicts itself.</exception>
    public EvaluatedGraph(UnikernelGraph graph, KeyValues values)
    {
        Graph = graph;
        Values = values;
        Chosen = graph.Chosen(values);
        Arguments =
        [
            .. Chosen
                .Select(i => graph.Nodes[i])
                .OfType<ArgumentNode>()
                .Select(n => n.Argument)
                .OrderBy(a => a.Name, StringComparer.Ordinal),
        ];
        Needs =
        [
            .. Chosen
                .Select(i => graph.Nodes[i])
                .OfType<DeviceNode>()
                .SelectMany(n => n.Needs)
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
