namespace Morgana.Cli.Pictures;

/// <summary>
/// Places the nodes of an acyclic graph in layers, each above what it points to (after Sugiyama, Tagawa and Toda, 1981): layers by
/// the longest way from a root, an order within each that crosses few edges, then places that make edges straight. The same
/// graph always gets the same picture.
/// </summary>
internal sealed class LayeredLayout
{
    private const int OrderSweeps = 12;
    private const int PlaceSweeps = 16;

    private readonly List<double> _widths;
    private readonly List<int> _layerOf = [];
    private readonly List<List<int>> _below = [];
    private readonly List<List<int>> _above = [];
    private readonly List<List<int>> _layers = [];
    private readonly List<int[]> _ways = [];
    private readonly int _nodes;
    private double[] _x = [];

    private LayeredLayout(IReadOnlyList<double> widths)
    {
        _widths = [.. widths];
        _nodes = widths.Count;
    }

    /// <summary>The middle of each node; y is the middle of its layer.</summary>
    public IReadOnlyList<(double X, double Y)> Places { get; private set; } = [];

    /// <summary>For each edge the points that it passes, from its node's place to that of the other.</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> Ways { get; private set; } = [];

    /// <summary>Width of the whole, in the unit of the widths.</summary>
    public double Width { get; private set; }

    /// <summary>Height of the whole.</summary>
    public double Height { get; private set; }

    /// <summary>Lays a graph out.</summary>
    /// <param name="widths">The nodes' widths.</param>
    /// <param name="edges">From a node to one below it; they make no circle.</param>
    /// <param name="gap">Least space between two nodes of a layer.</param>
    /// <param name="layerHeight">From the middle of one layer to that of the next.</param>
    public static LayeredLayout Of(
        IReadOnlyList<double> widths,
        IReadOnlyList<(int From, int To)> edges,
        double gap,
        double layerHeight
    )
    {
        LayeredLayout layout = new(widths);
        layout.Rank(edges);
        layout.Order();
        layout.Place(gap);
        double left =
            layout._x.Length == 0
                ? 0
                : Enumerable
                    .Range(0, layout._x.Length)
                    .Min(i => layout._x[i] - layout._widths[i] / 2);
        layout.Width =
            layout._x.Length == 0
                ? 0
                : Enumerable
                    .Range(0, layout._x.Length)
                    .Max(i => layout._x[i] + layout._widths[i] / 2) - left;
        layout.Height = layout._layers.Count * layerHeight;
        (double, double) Point(int node) =>
            (layout._x[node] - left, (layout._layerOf[node] + 0.5) * layerHeight);
        layout.Places = [.. Enumerable.Range(0, layout._nodes).Select(Point)];
        layout.Ways = [.. layout._ways.Select(way => way.Select(Point).ToArray())];
        return layout;
    }

    /// <summary>Gives each node its layer, and each edge over several layers a node of no width in each between.</summary>
    private void Rank(IReadOnlyList<(int From, int To)> edges)
    {
        ILookup<int, int> to = edges.ToLookup(e => e.From, e => e.To);
        int[] layer = new int[_nodes];
        int[] entering = new int[_nodes];
        foreach ((int _, int end) in edges)
        {
            entering[end]++;
        }

        Queue<int> ready = new(Enumerable.Range(0, _nodes).Where(n => entering[n] == 0));
        int seen = 0;
        while (ready.TryDequeue(out int node))
        {
            seen++;
            foreach (int end in to[node])
            {
                layer[end] = Math.Max(layer[end], layer[node] + 1);
                if (--entering[end] == 0)
                {
                    ready.Enqueue(end);
                }
            }
        }

        if (seen < _nodes)
        {
            throw new ArgumentException("The graph has a circle.", nameof(edges));
        }

        for (int i = 0; i < _nodes; i++)
        {
            AddTo(layer[i], i);
        }

        foreach ((int from, int end) in edges)
        {
            List<int> way = [from];
            for (int between = layer[from] + 1; between < layer[end]; between++)
            {
                _widths.Add(0);
                AddTo(between, _widths.Count - 1);
                way.Add(_widths.Count - 1);
            }

            way.Add(end);
            for (int i = 0; i + 1 < way.Count; i++)
            {
                _below[way[i]].Add(way[i + 1]);
                _above[way[i + 1]].Add(way[i]);
            }

            _ways.Add([.. way]);
        }
    }

    private void AddTo(int layer, int node)
    {
        while (_layers.Count <= layer)
        {
            _layers.Add([]);
        }

        _layers[layer].Add(node);
        _layerOf.Add(layer);
        _below.Add([]);
        _above.Add([]);
    }

    /// <summary>Each node goes where the middle of its neighbours in the layer before is; the best of the orders counts.</summary>
    private void Order()
    {
        double[] at = new double[_widths.Count];
        Number();
        List<int[]> best = [.. _layers.Select(l => l.ToArray())];
        long fewest = Crossings();
        for (int sweep = 0; sweep < OrderSweeps && fewest > 0; sweep++)
        {
            bool down = sweep % 2 == 0;
            for (int i = 0; i < _layers.Count; i++)
            {
                int layer = down ? i : _layers.Count - 1 - i;
                List<List<int>> neighbours = down ? _above : _below;
                List<int> sorted =
                [
                    .. _layers[layer]
                        .OrderBy(n =>
                            neighbours[n].Count > 0 ? neighbours[n].Average(m => at[m]) : at[n]
                        )
                        .ThenBy(n => at[n]),
                ];
                _layers[layer] = sorted;
                Number();
            }

            long crossings = Crossings();
            if (crossings < fewest)
            {
                fewest = crossings;
                best = [.. _layers.Select(l => l.ToArray())];
            }
        }

        for (int i = 0; i < _layers.Count; i++)
        {
            _layers[i] = [.. best[i]];
        }

        void Number()
        {
            foreach (List<int> layer in _layers)
            {
                for (int i = 0; i < layer.Count; i++)
                {
                    at[layer[i]] = i;
                }
            }
        }

        long Crossings()
        {
            long sum = 0;
            foreach (List<int> layer in _layers)
            {
                double[] ends = [.. layer.SelectMany(n => _below[n].Select(m => at[m]).Order())];
                for (int i = 0; i < ends.Length; i++)
                {
                    for (int j = i + 1; j < ends.Length; j++)
                    {
                        sum += ends[i] > ends[j] ? 1 : 0;
                    }
                }
            }

            return sum;
        }
    }

    /// <summary>Moves each layer to where its neighbours are, as near as the order and the widths allow.</summary>
    private void Place(double gap)
    {
        _x = new double[_widths.Count];
        foreach (List<int> layer in _layers)
        {
            Settle(layer, [.. layer.Select(_ => 0.0)], gap);
        }

        for (int sweep = 0; sweep < PlaceSweeps; sweep++)
        {
            for (int i = 0; i < _layers.Count; i++)
            {
                List<int> layer = _layers[sweep % 2 == 0 ? i : _layers.Count - 1 - i];
                Settle(
                    layer,
                    [
                        .. layer.Select(n =>
                        {
                            int[] neighbours = [.. _above[n], .. _below[n]];
                            return neighbours.Length > 0 ? neighbours.Average(m => _x[m]) : _x[n];
                        }),
                    ],
                    gap
                );
            }
        }
    }

    /// <summary>
    /// The places nearest to the wished ones (by the sum of squares) that keep order and distance: with the distances taken away, what is
    /// left is isotonic regression, which pooling neighbours solves.
    /// </summary>
    private void Settle(List<int> layer, double[] wished, double gap)
    {
        double[] offset = new double[layer.Count];
        for (int i = 1; i < layer.Count; i++)
        {
            offset[i] = offset[i - 1] + (_widths[layer[i - 1]] + _widths[layer[i]]) / 2 + gap;
        }

        Stack<(double Sum, int Count)> blocks = new();
        for (int i = 0; i < layer.Count; i++)
        {
            (double Sum, int Count) block = (wished[i] - offset[i], 1);
            while (
                blocks.TryPeek(out (double Sum, int Count) last)
                && last.Sum / last.Count >= block.Sum / block.Count
            )
            {
                _ = blocks.Pop();
                block = (last.Sum + block.Sum, last.Count + block.Count);
            }

            blocks.Push(block);
        }

        int at = layer.Count;
        while (blocks.TryPop(out (double Sum, int Count) block))
        {
            for (int i = 0; i < block.Count; i++)
            {
                at--;
                _x[layer[at]] = block.Sum / block.Count + offset[at];
            }
        }
    }
}
