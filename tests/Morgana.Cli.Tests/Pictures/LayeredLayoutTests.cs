using CsCheck;
using Morgana.Cli.Pictures;

namespace Morgana.Cli.Tests.Pictures;

public sealed class LayeredLayoutTests
{
    private const double Gap = 10;

    /// <summary>Widths of up to 20 nodes, and edges from nodes to later ones.</summary>
    private static readonly Gen<(double[] Widths, (int From, int To)[] Edges)> Graphs =
        from widths in Gen.Double[1, 200].Array[0, 20]
        from edges in Gen.Select(Gen.Int[0, 19], Gen.Int[0, 19]).Array[0, 40]
        select (
            widths,
            edges.Where(e => e.Item1 < e.Item2 && e.Item2 < widths.Length).Distinct().ToArray()
        );

    [Fact]
    public void Edges_lead_down_and_no_two_nodes_touch()
    {
        Graphs.Sample(graph =>
        {
            (double[] widths, (int From, int To)[] edges) = graph;
            LayeredLayout layout = LayeredLayout.Of(widths, edges, Gap, 100);
            for (int i = 0; i < edges.Length; i++)
            {
                IReadOnlyList<(double X, double Y)> way = layout.Ways[i];
                Assert.Equal(layout.Places[edges[i].From], way[0]);
                Assert.Equal(layout.Places[edges[i].To], way[^1]);
                for (int j = 1; j < way.Count; j++)
                {
                    Assert.Equal(way[j - 1].Y + 100, way[j].Y, 6);
                }
            }

            for (int i = 0; i < widths.Length; i++)
            {
                (double x, double y) = layout.Places[i];
                Assert.InRange(x - widths[i] / 2, -1e-6, layout.Width);
                Assert.InRange(x + widths[i] / 2, 0, layout.Width + 1e-6);
                Assert.InRange(y, 50, layout.Height);
                for (int j = 0; j < i; j++)
                {
                    Assert.True(
                        layout.Places[j].Y != y
                            || Math.Abs(layout.Places[j].X - x)
                                >= (widths[i] + widths[j]) / 2 + Gap - 1e-6
                    );
                }
            }
        });
    }

    [Fact]
    public void The_same_graph_gets_the_same_picture() =>
        Graphs.Sample(graph =>
            Assert.Equal(
                LayeredLayout.Of(graph.Widths, graph.Edges, Gap, 100).Places,
                LayeredLayout.Of(graph.Widths, graph.Edges, Gap, 100).Places
            )
        );

    [Fact]
    public void A_row_of_nodes_is_straight()
    {
        LayeredLayout layout = LayeredLayout.Of([50, 100, 20], [(0, 1), (1, 2)], Gap, 100);
        Assert.Equal([50, 50, 50], layout.Places.Select(p => p.X));
        Assert.Equal([50, 150, 250], layout.Places.Select(p => p.Y));
    }

    [Fact]
    public void A_circle_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            LayeredLayout.Of([1, 1], [(0, 1), (1, 0)], Gap, 100)
        );
}
