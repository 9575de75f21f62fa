using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Cli.Output;
using Morgana.Cli.Pictures;
using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana describe</c>.</summary>
internal sealed class DescribeCommand : KeyedCommand
{
    /// <summary>The command.</summary>
    public DescribeCommand(Terminal terminal, string directory)
        : base(
            "describe",
            "Shows the devices of config.cs as a graph, with its choices open, or made (--eval, -t or a key).",
            terminal,
            directory
        )
    {
        Option<bool> evaluate = new("--eval")
        {
            Description =
                "make the choices: with the keys given here, else those it is configured for, else the defaults",
        };
        Option<bool> dot = new("--dot") { Description = "print the graph for Graphviz" };
        Option<bool> svg = new("--svg")
        {
            Description = "print the graph as an SVG picture: morgana describe --svg > graph.svg",
        };
        Option<bool> json = CommonOptions.Json();
        Options.Add(evaluate);
        Options.Add(dot);
        Options.Add(svg);
        Options.Add(json);
        SetAction(parsed =>
        {
            Dictionary<string, string> given = Given(parsed);
            KeyValues? values = given.Count > 0 || parsed.GetValue(evaluate) ? Values(given) : null;
            if (parsed.GetValue(json))
            {
                Terminal.Json(Json(Graph, values));
            }
            else
            {
                Terminal.Out.Write(
                    parsed.GetValue(svg) ? GraphSvg.Print(Graph, values)
                    : parsed.GetValue(dot) ? GraphDot.Print(Graph, values)
                    : GraphText.Print(Graph, values)
                );
            }

            return ExitCode.Done;
        });
    }

    /// <summary>What is given here, over what the unikernel is configured for, over the defaults.</summary>
    private KeyValues Values(Dictionary<string, string> given)
    {
        Dictionary<string, string> chosen = [];
        foreach ((string key, string value) in Unikernel.ReadContext()?.Given ?? [])
        {
            // A key of an earlier config.cs says nothing about this one.
            if (Graph.Keys.Any(k => k.Name == key && k.TryRead(value, out _, out _)))
            {
                chosen[key] = value;
            }
        }

        foreach ((string key, string value) in given)
        {
            chosen[key] = value;
        }

        return KeyValues.From(Graph.Keys, chosen);
    }

    private static JsonObject Json(UnikernelGraph graph, KeyValues? values)
    {
        JsonObject description = JsonNode.Parse(graph.ToJson())!.AsObject();
        if (values is not null)
        {
            description["values"] = new JsonObject(
                values.All.Select(k => KeyValuePair.Create(k.Key, (JsonNode?)k.Value))
            );
            description["chosen"] = new JsonArray([
                .. graph.Chosen(values).Select(place => (JsonNode)place),
            ]);
        }

        return description;
    }
}
