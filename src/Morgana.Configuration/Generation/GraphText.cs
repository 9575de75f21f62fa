using System.Text;
using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Generation;

/// <summary>The graph as text for people: a tree from the job to the devices it stands on.</summary>
internal static class GraphText
{
    /// <summary>Prints the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">Values that the choices are made with; null leaves them open.</param>
    public static string Print(UnikernelGraph graph, KeyValues? values)
    {
        StringBuilder text = new();
        text.Append(graph.Name);
        text.Append(graph.Description.Length > 0 ? $": {graph.Description}\n" : "\n");
        HashSet<int> seen = [];
        Visit(graph.Nodes.Length - 1, "  ", "");

        text.Append("\nKeys (morgana configure --KEY VALUE):\n");
        foreach (KeyShape key in graph.Keys)
        {
            string value = values is null ? $"default {key.Default}" : $"= {values[key.Name]}";
            text.Append($"  --{key.Name}  {value}; {key.Help}");
            text.Append(key.Choices.Length > 0 ? $" ({string.Join(", ", key.Choices)})\n" : "\n");
        }

        IEnumerable<int> places = values is null
            ? Enumerable.Range(0, graph.Nodes.Length)
            : graph.Chosen(values);
        List<ArgumentShape> arguments =
        [
            .. places
                .Select(i => graph.Nodes[i])
                .OfType<ArgumentNode>()
                .Select(n => n.Argument)
                .Distinct()
                .OrderBy(a => a.Name, StringComparer.Ordinal),
        ];
        text.Append(
            arguments.Count > 0
                ? "\nBoot arguments (given to the image when it starts):\n"
                : "\nNo boot arguments.\n"
        );
        foreach (ArgumentShape argument in arguments)
        {
            string kind = argument.Kind switch
            {
                ArgumentKind.WithDefault => $"default {argument.Default}",
                ArgumentKind kindOf => kindOf.ToString().ToLowerInvariant(),
            };
            string alias = argument.Alias is { } letter ? $", -{letter}" : "";
            text.Append($"  --{argument.Name}{alias}  {kind}; {argument.Help}\n");
        }

        return text.ToString();

        void Visit(int place, string indent, string label)
        {
            place = values is null ? place : graph.Resolve(place, values);
            NodeShape node = graph.Nodes[place];
            bool again = !seen.Add(place) && node.Inputs.Length > 0;
            text.Append($"{indent}{label}{Title(node)}{(again ? " (see above)" : "")}\n");
            if (again)
            {
                return;
            }

            for (int i = 0; i < node.Inputs.Length; i++)
            {
                string next = node is ChoiceNode choice
                    ? i < choice.Conditions.Length
                        ? $"{choice.Conditions[i]}: "
                        : "otherwise: "
                    : "";
                Visit(node.Inputs[i], indent + "  ", next);
            }
        }
    }

    /// <summary>One line that says what a node is.</summary>
    public static string Title(NodeShape node) =>
        node switch
        {
            DeviceNode { IsJob: true } job => job.Expression[
                "new global::".Length..job.Expression.IndexOf('(', StringComparison.Ordinal)
            ],
            DeviceNode device =>
                $"{device.Name}: {device.Type.Replace("global::", "", StringComparison.Ordinal)}{Slots(device)}",
            ChoiceNode => "choice",
            ArgumentNode argument => $"--{argument.Argument.Name}",
            KeyNode key => $"key {key.Key.Name}",
            _ => throw new InvalidOperationException(),
        };

    private static string Slots(DeviceNode device)
    {
        IEnumerable<string> names = device
            .Needs.Where(n => n.Kind is NeedKind.NetworkSlot or NeedKind.BlockSlot)
            .Select(n => n.Name);
        return names.Any() ? $" ({string.Join(", ", names)})" : "";
    }
}
