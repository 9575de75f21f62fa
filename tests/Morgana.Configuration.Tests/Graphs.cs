using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Tests;

/// <summary>Short ways to graphs and what is made of them.</summary>
internal static class Graphs
{
    public static UnikernelGraph Of(IDevice<IJob> job, params Key[] keys) =>
        UnikernelGraph.From("app", "An app.", job.Node, keys.Select(k => k.Shape), []);

    public static KeyValues Values(
        UnikernelGraph graph,
        params (string Key, string Value)[] given
    ) => KeyValues.From(graph.Keys, given.ToDictionary(g => g.Key, g => g.Value));

    public static SortedDictionary<string, string> Files(
        IDevice<IJob> job,
        params (string Key, string Value)[] given
    )
    {
        UnikernelGraph graph = Of(job);
        return GeneratedFiles.Generate(graph, Values(graph, given), "config.cs");
    }
}
