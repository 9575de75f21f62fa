using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;
using static Morgana.Configuration.Devices;

namespace Morgana.Configuration.Tests;

public class GraphTests
{
    [Fact]
    public void A_device_mentioned_twice_is_made_once()
    {
        IDevice<IJob> job = Job<INetwork, INetwork, IClock>("A.B")
            .Apply(DefaultNetwork(), DefaultNetwork(), DefaultClock);
        UnikernelGraph graph = Graphs.Of(job);
        Assert.Equal(3, graph.Nodes.Length);
        Assert.Equal([0, 0, 1], graph.Nodes[^1].Inputs);
    }

    [Fact]
    public void Two_keys_that_C_sharp_would_call_the_same_are_refused_with_both_names()
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() =>
            UnikernelGraph.From(
                "x",
                "",
                Job("A.B").Apply().Node,
                [Key.Flag("a1", "").Shape, Key.Flag("a-1", "").Shape],
                []
            )
        );
        Assert.Contains("'a-1' and 'a1'", e.Message, StringComparison.Ordinal);
        Assert.Contains("A1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_networks_of_different_names_are_two_devices_with_two_variables()
    {
        string main = Graphs.Files(
            Job<INetwork, INetwork>("A.B").Apply(Network("inside"), Network("outside"))
        )["Main.cs"];
        Assert.Contains(
            "network = machine.OpenNetwork(\"inside\");",
            main,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "network2 = machine.OpenNetwork(\"outside\");",
            main,
            StringComparison.Ordinal
        );
        Assert.Contains("new global::A.B(network, network2)", main, StringComparison.Ordinal);
    }

    [Fact]
    public void Sharing_costs_no_exponential_time()
    {
        // Each level uses the one below twice: 2^200 paths, 200 nodes.
        IDevice<IClock> device = DefaultClock;
        DeviceDefinition<IClock, IClock, IClock> both = Define<IClock, IClock, IClock>(
            "both",
            "Both({0}, {1})"
        );
        for (int i = 0; i < 200; i++)
        {
            device = both.Apply(device, device);
        }

        UnikernelGraph graph = Graphs.Of(Job<IClock>("A.B").Apply(device));
        Assert.Equal(202, graph.Nodes.Length);
        Assert.Equal(202, graph.Chosen(Graphs.Values(graph)).Count);
    }

    [Fact]
    public void A_graph_survives_the_way_through_JSON()
    {
        FlagKey loud = Key.Flag("loud", "Be \"loud\" & <clear>\n");
        IDevice<ILog> log = If(
            !loud & Key.Target.Is(Target.Spt),
            Logging,
            ConsoleLogging("*:trace")
        );
        Key<string> mode = Key.OneOf("mode", "The mode.", "fast", "slow");
        BootArgument<IReadOnlyList<int>> ports = BootArgument.Repeated<int>("port", "Ports.", 'p');
        IDevice<IJob> job = Job<ILog, string, IReadOnlyList<int>>("A.B", Package("X", "1.2.3"))
            .Apply(log, mode, ports);
        UnikernelGraph graph = Graphs.Of(job);
        UnikernelGraph read = UnikernelGraph.FromJson(graph.ToJson());
        Assert.Equal(graph.ToJson(), read.ToJson());
        foreach (string value in (string[])["true", "false"])
        {
            Assert.Equal(
                GeneratedFiles.Generate(graph, Graphs.Values(graph, ("loud", value)), "c.cs"),
                GeneratedFiles.Generate(read, Graphs.Values(read, ("loud", value)), "c.cs")
            );
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"format\":2,\"name\":\"a\",\"description\":\"\",\"nodes\":[],\"keys\":[]}")]
    [InlineData("{\"format\":1,\"name\":\"a\",\"description\":\"\",\"nodes\":[],\"keys\":[]}")]
    [InlineData(
        "{\"format\":1,\"name\":\"a\",\"description\":\"\",\"keys\":[],\"nodes\":[{\"node\":\"device\",\"name\":\"a\",\"type\":\"a\",\"expression\":\"\",\"isJob\":true,\"inputs\":[0]}]}"
    )]
    public void What_is_no_graph_is_refused(string json) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => UnikernelGraph.FromJson(json));

    [Fact]
    public void Keys_are_found_wherever_they_stand()
    {
        FlagKey inCondition = Key.Flag("in-condition", "");
        FlagKey inNot = Key.Flag("in-not", "");
        Key<long> asValue = Key.Number("as-value", "", 8);
        Key<string> registered = Key.Text("registered", "", "");
        IDevice<IClock> clock = If(
            inCondition | !inNot,
            DefaultClock,
            Define<IClock>("other", "Other()").Apply()
        );
        UnikernelGraph graph = Graphs.Of(
            Job<IClock, long>("A.B").Apply(clock, asValue),
            registered
        );
        Assert.Equal(
            ["as-value", "in-condition", "in-not", "registered", "target"],
            graph.Keys.Select(k => k.Name)
        );
    }

    [Fact]
    public void Two_keys_of_one_name_are_refused()
    {
        IDevice<IJob> job = Job<bool, long>("A.B")
            .Apply(Key.Flag("x", "A flag."), Key.Number("x", "A number.", 1));
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => Graphs.Of(job));
        Assert.Contains("'x'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("help")]
    [InlineData("eval")]
    [InlineData("target")]
    public void A_key_cannot_take_the_name_of_an_option(string name) =>
        Assert.Throws<ConfigurationException>(() =>
            Graphs.Of(Job<string>("A.B").Apply(Key.Text(name, "", "")))
        );

    [Theory]
    [InlineData("")]
    [InlineData("Name")]
    [InlineData("na me")]
    [InlineData("-name")]
    [InlineData("name-")]
    [InlineData("na--me")]
    [InlineData("1name")]
    [InlineData("name\n")]
    public void Bad_names_are_refused_where_they_are_written(string name)
    {
        Assert.Throws<ConfigurationException>(() => Key.Flag(name, ""));
        Assert.Throws<ConfigurationException>(() => BootArgument.Flag(name, ""));
        Assert.Throws<ConfigurationException>(() => Project.Register(name, Job("A.B").Apply(), []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ser-vice")]
    [InlineData("sérvice")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_slot_has_the_names_that_Solo5_allows(string name)
    {
        Assert.Throws<ConfigurationException>(() => Network(name));
        Assert.Throws<ConfigurationException>(() => BlockSlot(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A.B(")]
    [InlineData("A B")]
    [InlineData("A..B")]
    [InlineData("global::A.B")]
    public void A_job_is_named_by_its_class(string name) =>
        Assert.Throws<ConfigurationException>(() => Job(name));
}
