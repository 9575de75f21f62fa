using System.Globalization;
using System.Text;
using System.Xml;
using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Pictures;

/// <summary>The device graph as an SVG picture: the job above, what it stands on below it.</summary>
internal static class GraphSvg
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const double CharacterWidth = 7.3;
    private const double NodeHeight = 44;
    private const double LayerHeight = 96;
    private const double Gap = 28;
    private const double Margin = 20;
    private const double HeadHeight = 34;

    /// <summary>Longest line in a node; what is cut off is in its tooltip.</summary>
    private const int MostCharacters = 44;

    /// <summary>Draws the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">Values that the choices are made with; null leaves them open.</param>
    public static string Print(UnikernelGraph graph, KeyValues? values)
    {
        int[] places =
        [
            .. values is null ? Enumerable.Range(0, graph.Nodes.Length) : graph.Chosen(values),
        ];
        Dictionary<int, int> nodeOf = places.Index().ToDictionary(p => p.Item, p => p.Index);
        string[][] lines = [.. places.Select(p => Lines(graph.Nodes[p]))];
        List<(int From, int To)> edges = [];
        List<string> labels = [];
        foreach (int place in places)
        {
            NodeShape node = graph.Nodes[place];
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                int input = values is null ? node.Inputs[i] : graph.Resolve(node.Inputs[i], values);
                string label =
                    node is not ChoiceNode choice ? ""
                    : i < choice.Conditions.Length ? choice.Conditions[i].ToString()!
                    : "otherwise";
                (int, int) edge = (nodeOf[place], nodeOf[input]);
                // A device that is given twice is one line.
                if (label.Length > 0 || !edges.Contains(edge))
                {
                    edges.Add(edge);
                    labels.Add(label);
                }
            }
        }

        double[] widths = [.. lines.Select(l => l.Max(line => line.Length) * CharacterWidth + 24)];
        LayeredLayout layout = LayeredLayout.Of(widths, edges, Gap, LayerHeight);
        return Draw(graph, places, lines, widths, layout, labels);
    }

    private static string Draw(
        UnikernelGraph graph,
        int[] places,
        string[][] lines,
        double[] widths,
        LayeredLayout layout,
        List<string> labels
    )
    {
        string head =
            graph.Description.Length > 0 ? $"{graph.Name}: {graph.Description}" : graph.Name;
        double width = Math.Max(layout.Width, head.Length * 8.0) + 2 * Margin;
        double height = layout.Height + HeadHeight + 2 * Margin;
        double left = (width - layout.Width) / 2;
        double top = Margin + HeadHeight;
        StringBuilder text = new();
        XmlWriterSettings settings = new()
        {
            Indent = true,
            NewLineChars = "\n",
            OmitXmlDeclaration = true,
        };
        using (XmlWriter svg = XmlWriter.Create(text, settings))
        {
            svg.WriteStartElement("svg", Namespace);
            svg.WriteAttributeString("viewBox", $"0 0 {Number(width)} {Number(height)}");
            svg.WriteAttributeString("width", Number(width));
            svg.WriteAttributeString("height", Number(height));
            svg.WriteAttributeString("role", "img");
            svg.WriteAttributeString("font-family", "ui-monospace, Menlo, Consolas, monospace");
            svg.WriteAttributeString("font-size", "12");
            svg.WriteElementString("title", Namespace, Clean(head));
            Element(svg, "rect", ("width", "100%"), ("height", "100%"), ("fill", "#ffffff"));
            Text(
                svg,
                Margin,
                Margin + 14,
                head,
                "start",
                ("font-size", "14"),
                ("font-weight", "bold")
            );
            for (int i = 0; i < layout.Ways.Count; i++)
            {
                Edge(svg, layout.Ways[i], left, top, labels[i]);
            }

            for (int i = 0; i < places.Length; i++)
            {
                Node(
                    svg,
                    graph.Nodes[places[i]],
                    lines[i],
                    widths[i],
                    layout.Places[i].X + left,
                    layout.Places[i].Y + top
                );
            }

            svg.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Node(
        XmlWriter svg,
        NodeShape node,
        string[] lines,
        double width,
        double x,
        double y
    )
    {
        (string fill, string stroke, string corner) = node switch
        {
            DeviceNode { IsJob: true } => ("#dbe9ff", "#1d4ed8", "6"),
            DeviceNode => ("#f3f4f6", "#4b5563", "6"),
            ChoiceNode => ("#fff3d6", "#b45309", "22"),
            ArgumentNode => ("#dff5e3", "#15803d", "22"),
            _ => ("#f1e8ff", "#7e22ce", "22"),
        };
        svg.WriteStartElement("g", Namespace);
        svg.WriteElementString("title", Namespace, Clean(GraphText.Title(node)));
        Element(
            svg,
            "rect",
            ("x", Number(x - width / 2)),
            ("y", Number(y - NodeHeight / 2)),
            ("width", Number(width)),
            ("height", Number(NodeHeight)),
            ("rx", corner),
            ("fill", fill),
            ("stroke", stroke)
        );
        for (int i = 0; i < lines.Length; i++)
        {
            Text(
                svg,
                x,
                y + 4 + (i - (lines.Length - 1) / 2.0) * 16,
                lines[i],
                "middle",
                ("font-weight", i == 0 ? "bold" : "normal"),
                ("fill", "#111827")
            );
        }

        svg.WriteEndElement();
    }

    private static void Edge(
        XmlWriter svg,
        IReadOnlyList<(double X, double Y)> way,
        double left,
        double top,
        string label
    )
    {
        // Straight down beside the nodes of the layers between, curved from layer to layer.
        List<(double X, double Y)> points = [];
        for (int i = 0; i < way.Count; i++)
        {
            (double x0, double y0) = (way[i].X + left, way[i].Y + top);
            if (i > 0)
            {
                points.Add((x0, y0 - NodeHeight / 2));
            }

            if (i + 1 < way.Count)
            {
                points.Add((x0, y0 + NodeHeight / 2));
            }
        }

        StringBuilder path = new($"M {Number(points[0].X)} {Number(points[0].Y)}");
        for (int i = 1; i < points.Count; i += 2)
        {
            if (i > 1)
            {
                _ = path.Append($" L {Number(points[i - 1].X)} {Number(points[i - 1].Y)}");
            }

            // Leaves and arrives upright.
            double middle = (points[i - 1].Y + points[i].Y) / 2;
            _ = path.Append(
                $" C {Number(points[i - 1].X)} {Number(middle)}, {Number(points[i].X)} {Number(middle)}, {Number(points[i].X)} {Number(points[i].Y)}"
            );
        }

        Element(
            svg,
            "path",
            ("d", path.ToString()),
            ("fill", "none"),
            ("stroke", "#6b7280"),
            label.Length > 0 ? ("stroke-dasharray", "5 4") : ("stroke-width", "1")
        );
        (double x, double y) = points[^1];
        Element(
            svg,
            "path",
            (
                "d",
                $"M {Number(x - 4)} {Number(y - 7)} L {Number(x)} {Number(y)} L {Number(x + 4)} {Number(y - 7)} Z"
            ),
            ("fill", "#6b7280")
        );
        if (label.Length > 0)
        {
            Text(
                svg,
                (points[0].X + points[1].X * 2) / 3,
                (points[0].Y + points[1].Y * 2) / 3,
                Cut(label),
                "middle",
                ("fill", "#b45309"),
                ("stroke", "#ffffff"),
                ("stroke-width", "3"),
                ("paint-order", "stroke")
            );
        }
    }

    /// <summary>What stands in a node: its name, and what it is.</summary>
    private static string[] Lines(NodeShape node)
    {
        string title = GraphText.Title(node);
        int colon = title.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? [Cut(title)] : [Cut(title[..colon]), Cut(title[(colon + 2)..])];
    }

    private static string Cut(string text) =>
        text.Length <= MostCharacters ? text : text[..(MostCharacters - 1)] + "…";

    private static void Text(
        XmlWriter svg,
        double x,
        double y,
        string text,
        string anchor,
        params ReadOnlySpan<(string Name, string Value)> attributes
    )
    {
        svg.WriteStartElement("text", Namespace);
        svg.WriteAttributeString("x", Number(x));
        svg.WriteAttributeString("y", Number(y));
        svg.WriteAttributeString("text-anchor", anchor);
        foreach ((string name, string value) in attributes)
        {
            svg.WriteAttributeString(name, value);
        }

        svg.WriteString(Clean(text));
        svg.WriteEndElement();
    }

    private static void Element(
        XmlWriter svg,
        string element,
        params ReadOnlySpan<(string Name, string Value)> attributes
    )
    {
        svg.WriteStartElement(element, Namespace);
        foreach ((string name, string value) in attributes)
        {
            svg.WriteAttributeString(name, value);
        }

        svg.WriteEndElement();
    }

    /// <summary>Without what XML cannot have at all: control characters and halves of characters.</summary>
    private static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = clean.Append(
                rune.Value is 0xfffe or 0xffff || (rune.Value < ' ' && rune.Value is not '\t')
                    ? "\ufffd"
                    : rune.ToString()
            );
        }

        return clean.ToString();
    }

    private static string Number(double number) =>
        (Math.Round(number, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);
}
