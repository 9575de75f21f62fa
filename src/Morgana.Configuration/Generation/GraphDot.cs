using System.Text;
using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Generation;

/// <summary>The graph in the language of Graphviz.</summary>
internal static class GraphDot
{
    /// <summary>Prints the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">Values that the choices are made with; null leaves them open.</param>
    public static string Print(UnikernelGraph graph, KeyValues? values)
    {
        StringBuilder text = new($"digraph {CSharp.Literal(graph.Name)} {{\n");
        IEnumerable<int> places = values is null
            ? Enumerable.Range(0, graph.Nodes.Length)
            : graph.Chosen(values);
        foreach (int place in places)
        {
            NodeShape node = graph.Nodes[place];
            string shape = node switch
            {
                ChoiceNode => "diamond",
                DeviceNode => "box",
                _ => "ellipse",
            };
            text.Append(
                $"  n{place} [label={CSharp.Literal(GraphText.Title(node))}, shape={shape}];\n"
            );
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                int input = values is null ? node.Inputs[i] : graph.Resolve(node.Inputs[i], values);
                string label = node is ChoiceNode choice
                    ? $" [style=dashed, label={CSharp.Literal(i < choice.Conditions.Length ? choice.Conditions[i].ToString() : "otherwise")}]"
                    : "";
                text.Append($"  n{place} -> n{input}{label};\n");
            }
        }

        return text.Append("}\n").ToString();
    }
}
