using System.Xml.Linq;
using CsCheck;
using Morgana.Cli.Pictures;
using Morgana.Configuration;
using Morgana.Configuration.Graph;
using static Morgana.Configuration.Devices;

namespace Morgana.Cli.Tests.Pictures;

public sealed class GraphSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static UnikernelGraph Graph(string description) =>
        UnikernelGraph.From("sample", description, UnikernelSandbox.SampleJob.Node, [], []);

    [Fact]
    public void It_shows_every_node_once_and_the_choices_with_their_conditions()
    {
        UnikernelGraph graph = Graph("A sample.");
        XDocument picture = XDocument.Parse(GraphSvg.Print(graph, null));
        Assert.Equal(graph.Nodes.Length, picture.Descendants(Svg + "g").Count());
        string[] texts = [.. picture.Descendants(Svg + "text").Select(t => t.Value)];
        Assert.Contains("sample: A sample.", texts);
        Assert.Contains("otherwise", texts);
        Assert.Contains("network", texts);
        Assert.Contains("Morgana.Net.IUdp", texts);
    }

    [Fact]
    public void With_the_choices_made_it_shows_what_is_left()
    {
        UnikernelGraph graph = Graph("");
        KeyValues values = KeyValues.From(graph.Keys, new Dictionary<string, string>());
        XDocument picture = XDocument.Parse(GraphSvg.Print(graph, values));
        Assert.Equal(graph.Chosen(values).Count, picture.Descendants(Svg + "g").Count());
        Assert.DoesNotContain("otherwise", picture.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_gives_valid_XML_that_says_it_and_the_same_picture_again() =>
        Gen.String.Sample(text =>
        {
            string printed = GraphSvg.Print(Graph(text), null);
            _ = XDocument.Parse(printed);
            Assert.Equal(printed, GraphSvg.Print(Graph(text), null));
        });

    [Fact]
    public void Markup_in_a_description_is_text()
    {
        const string text = "</text><script>alert('x')</script> & \"more\" \u0000";
        XDocument picture = XDocument.Parse(GraphSvg.Print(Graph(text), null));
        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.Equal(
            "sample: " + text.Replace('\0', '\ufffd'),
            picture.Root!.Element(Svg + "title")!.Value
        );
    }

    [Fact]
    public void Its_lines_end_as_they_do_on_Linux_wherever_it_is_made() =>
        Assert.DoesNotContain('\r', GraphSvg.Print(Graph("A sample."), null));
}
