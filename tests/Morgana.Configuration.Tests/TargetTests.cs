using System.Text.Json;
using System.Xml.Linq;
using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;
using static Morgana.Configuration.Devices;

namespace Morgana.Configuration.Tests;

public class TargetTests
{
    private static readonly Target Pipe = new()
    {
        Name = "pipe",
        Extension = "pipe",
        Architectures = ["x64"],
        Bindings = "bindings/pipe",
        Needs = [ProjectFile("Pipe.csproj")],
        Drivers =
        [
            new Driver
            {
                Device = "network",
                Expression = "new Pipe.PipeNetwork({name}, machine)",
                Needs = [Package("Pipe", "1.0.0")],
            },
            new Driver
            {
                Device = "ipv4-stack",
                Expression = "Pipe.Stack.Open({1})",
                ArgumentsAreOptional = true,
            },
        ],
        ImageSteps = [new ImageStep { Name = "pack", Program = "tools/Pack.csproj" }],
        Run = TargetRun.Command("python3", "tender.py", "{image}", "{arguments}"),
    };

    private static IDevice<IJob> Server =>
        Job<IUdp>("A.B").Apply(GenericIpv4Stack(DefaultNetwork()));

    [Fact]
    public void Each_target_and_architecture_is_a_context()
    {
        Assert.Equal(
            [
                "spt-x64 default spt x64 morgana release app.x64.spt",
                "spt-arm64 default spt arm64 morgana release app.arm64.spt",
                "unix-x64 default unix x64 morgana release app",
                "unix-arm64 default unix arm64 morgana release app.arm64",
            ],
            Contexts(Files(Server, "spt,unix", "arm64,x64"))
        );
        Assert.Equal(
            [
                "unix-arm64 default unix arm64 morgana release app",
                "spt-arm64 default spt arm64 morgana release app.arm64.spt",
            ],
            Contexts(Files(Server, "unix,spt", "arm64"))
        );
    }

    [Fact]
    public void A_target_with_one_architecture_has_one_context_however_many_are_asked_for()
    {
        Assert.Equal(
            ["pipe-x64 default pipe x64 morgana release app.pipe bindings/pipe"],
            Contexts(Files(Server, "pipe", "x64,arm64"))
        );
        ConfigurationException e = Assert.Throws<ConfigurationException>(() =>
            Files(Server, "spt,pipe", "arm64")
        );
        Assert.Contains("pipe has no bindings for arm64", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_on_the_target_is_made_when_the_image_starts_if_there_are_several()
    {
        IDevice<IClock> clock = Match(
            Key.Target,
            [(Target.Unix, Define<IClock>("host", "Host()", Package("Host", "1.0.0")).Apply())],
            otherwise: Define<IClock, int>("tsc", "Tsc({0})", Package("Tsc", "1.0.0"))
                .Apply(BootArgument.Required<int>("rate", ""))
        );
        IDevice<IJob> job = Job<IClock, Target>("A.B").Apply(clock, Key.Target);
        SortedDictionary<string, string> both = Files(job, "spt,unix");
        string main = both["Main.cs"];
        Assert.Contains("\"unix\" => StartOnUnixAsync(machine),", main, StringComparison.Ordinal);
        Assert.Contains("_ => StartOnSptAsync(machine),", main, StringComparison.Ordinal);
        // Each makes its own devices and has its own arguments.
        int unix = main.IndexOf("Task<int> StartOnUnixAsync", StringComparison.Ordinal);
        Assert.True(main.IndexOf("= Tsc(rateArgument.Value)", StringComparison.Ordinal) < unix);
        Assert.True(main.IndexOf("= Host()", StringComparison.Ordinal) > unix);
        Assert.DoesNotContain("--rate", main[unix..], StringComparison.Ordinal);
        Assert.Contains(
            "string Target => global::Morgana.Runtime.Machine.CurrentTarget;",
            both["Keys.cs"],
            StringComparison.Ordinal
        );
        // What any of them needs is there.
        Assert.Equal(
            ["Host", "Tsc"],
            XDocument
                .Parse(both["project.props"])
                .Descendants("PackageReference")
                .Select(p => (string)p.Attribute("Include")!)
                .Distinct()
        );

        SortedDictionary<string, string> one = Files(job, "unix");
        Assert.DoesNotContain("switch", one["Main.cs"], StringComparison.Ordinal);
        Assert.DoesNotContain("Tsc", string.Concat(one.Values), StringComparison.Ordinal);
        Assert.Contains("string Target => \"unix\";", one["Keys.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_with_the_same_devices_share_the_program() =>
        Assert.DoesNotContain(
            "switch",
            Files(Job<IConsole>("A.B").Apply(DefaultConsole), "spt,unix")["Main.cs"],
            StringComparison.Ordinal
        );

    [Fact]
    public void A_target_has_its_own_drivers()
    {
        IDevice<IJob> job = Job<INetwork, IUdp>("A.B")
            .Apply(Network("inner"), GenericIpv4Stack(DefaultNetwork()));
        SortedDictionary<string, string> files = Files(job, "spt,pipe");
        string main = files["Main.cs"];
        string pipe = main[main.IndexOf("Task<int> StartOnPipeAsync", StringComparison.Ordinal)..];
        Assert.Contains("new Pipe.PipeNetwork(\"inner\", machine)", pipe, StringComparison.Ordinal);
        Assert.Contains("= Pipe.Stack.Open(ipv4Argument.Value);", pipe, StringComparison.Ordinal);
        Assert.Contains(
            "arguments.Optional<global::Morgana.Net.IpPrefix>",
            pipe,
            StringComparison.Ordinal
        );
        // What the driver does not mention is not made: neither the stack's network nor its gateway.
        Assert.DoesNotContain("\"service\"", pipe, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway", pipe, StringComparison.Ordinal);
        Assert.Equal(["inner", "service"], Slots(files["manifest.json"]));
        Assert.Equal(["inner"], Slots(files["manifest.pipe.json"]));
        Assert.Contains(
            "arguments.Required<global::Morgana.Net.IpPrefix>",
            main,
            StringComparison.Ordinal
        );

        static IEnumerable<string?> Slots(string manifest) =>
            JsonDocument
                .Parse(manifest)
                .RootElement.GetProperty("devices")
                .EnumerateArray()
                .Select(d => d.GetProperty("name").GetString());
    }

    [Fact]
    public void A_target_of_ones_own_brings_its_needs_and_steps()
    {
        var props = XDocument.Parse(Files(Server, "pipe")["project.props"]);
        Assert.Contains(
            props.Descendants("ProjectReference"),
            p => ((string)p.Attribute("Include")!).EndsWith("Pipe.csproj", StringComparison.Ordinal)
        );
        XElement step = props.Descendants("MorganaImageStep").Single();
        Assert.Equal("pack", (string?)step.Attribute("Include"));
        Assert.Equal("pipe", (string?)step.Attribute("TargetName"));
        Assert.Equal("tools/Pack.csproj", (string?)step.Attribute("Program"));
        Assert.Equal("{input};{output}", (string?)step.Attribute("Arguments"));
    }

    [Fact]
    public void A_target_goes_through_the_graph_and_the_saved_context_unchanged()
    {
        var graph = UnikernelGraph.FromJson(Graph(Server).ToJson());
        var values = KeyValues.From(
            graph.Keys,
            new Dictionary<string, string> { ["target"] = "pipe,spt" }
        );
        var saved = SavedContext.FromJson(
            SavedContext
                .From(graph, values, ["target"], "config.cs", [], Files(Server, "pipe,spt"))
                .ToJson()
        );
        Assert.Equal(["pipe", "spt"], saved.Targets);
        Assert.Equal(["app.pipe", "app.spt"], saved.Images());
        Target pipe = saved.TargetValues()[0];
        Assert.Equal(Json(Pipe), Json(pipe));

        static string Json(Target target) => JsonSerializer.Serialize(target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("spt")]
    public void Names_of_images_tell_all_contexts_apart(string extension)
    {
        Target target = new() { Name = "t", Extension = extension };
        foreach (
            string[] architectures in (string[][])
                [
                    ["x64"],
                    ["arm64"],
                    ["x64", "arm64"],
                    ["arm64", "x64"],
                ]
        )
        {
            string[] names =
            [
                .. architectures.Select(a => target.ImageName("app", a, architectures)),
            ];
            Assert.Equal(architectures.Length, names.Distinct().Count());
            Assert.All(
                names,
                name =>
                    Assert.EndsWith(
                        extension.Length == 0 ? "" : "." + extension,
                        name,
                        StringComparison.Ordinal
                    )
            );
            Assert.True(extension.Length > 0 || names.Contains("app"));
        }
    }

    [Fact]
    public void Nothing_in_the_sources_decides_on_the_name_of_a_target()
    {
        string? root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root!, "Morgana.slnx")))
        {
            root = Path.GetDirectoryName(root);
        }

        string[] names = [.. Target.BuiltIn.Select(target => $"\"{target}\"")];
        // Its definition, and names of other things: of the spt command, and of the ABI of that name.
        string[] allowed = ["Targets/Target.cs", "Application.cs"];
        Assert.Empty(
            Directory
                .EnumerateFiles(Path.Combine(root!, "src"), "*.cs", SearchOption.AllDirectories)
                .Select(path => path.Replace('\\', '/'))
                .Where(path =>
                    !path.Contains("/obj/", StringComparison.Ordinal)
                    && !allowed.Any(end => path.EndsWith(end, StringComparison.Ordinal))
                )
                .SelectMany(path =>
                    File.ReadLines(path)
                        .Where(line =>
                            names.Any(n =>
                                line.Contains($"== {n}", StringComparison.Ordinal)
                                || line.Contains($"case {n}", StringComparison.Ordinal)
                                || line.Contains($"{n} =>", StringComparison.Ordinal)
                            )
                        )
                        .Select(line => $"{path}: {line.Trim()}")
                )
        );
    }

    private static UnikernelGraph Graph(IDevice<IJob> job) =>
        UnikernelGraph.From("app", "An app.", job.Node, [], [], Pipe);

    private static SortedDictionary<string, string> Files(
        IDevice<IJob> job,
        string targets,
        string architectures = "x64"
    )
    {
        UnikernelGraph graph = Graph(job);
        return GeneratedFiles.Generate(
            graph,
            KeyValues.From(graph.Keys, new Dictionary<string, string> { ["target"] = targets }),
            "config.cs",
            Architectures.Parse(architectures)
        );
    }

    private static IEnumerable<string> Contexts(SortedDictionary<string, string> files) =>
        XDocument
            .Parse(files["contexts.props"])
            .Descendants("BuildContext")
            .Select(context => string.Join(' ', context.Attributes().Select(a => a.Value)));
}
