using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Tests;

public sealed class PlanTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static readonly Gen<string> Text = Gen.String[Gen.Char[' ', '\u24ff'], 0, 12];

    private static readonly Gen<BuildAction> Action =
        from id in Text
        from kind in Gen.Enum<ActionKind>()
        from lists in Text.Array[0, 4].Array[6]
        from texts in Text.Array[6]
        select new BuildAction
        {
            Id = id,
            Kind = kind,
            Contexts = lists[0],
            Arguments = lists[1],
            ResponseLines = lists[2],
            Environment = lists[3],
            Inputs = lists[4],
            Outputs = lists[5],
            Program = texts[0],
            ResponseFile = texts[1],
            WorkingFolder = texts[2],
            ErrorCode = texts[3],
            Package = texts[4],
            DependencyFile = texts[5],
        };

    public void Dispose() => folder.Dispose();

    private BuildPlan Plan(params BuildAction[] actions) =>
        new()
        {
            Name = "name",
            ProjectFolder = folder.Location,
            StateFolder = folder.Location,
            Roots = new Dictionary<string, string> { ["/a"] = "<a>" },
            Evaluation = new Evaluation
            {
                Files = new Dictionary<string, string> { ["/a/b"] = "00" },
                Trees =
                [
                    new EvaluatedTree(
                        new SourceTree
                        {
                            Folder = "/a",
                            Endings = [".cs"],
                            Contents = true,
                        },
                        "01"
                    ),
                ],
                Variables = new Dictionary<string, string> { ["CI"] = "true" },
                Properties = new Dictionary<string, string> { ["X"] = "y" },
            },
            Actions = actions,
            Images = [new PlannedImage("spt-x64", "/a/dist/x", "/a/obj/x")],
        };

    [Fact]
    public void A_plan_in_which_something_is_missing_or_null_is_made_anew_and_ends_no_build()
    {
        Plan(
                new BuildAction
                {
                    Id = "a",
                    Kind = ActionKind.Link,
                    Contexts = ["c"],
                    Inputs = ["i"],
                    Outputs = ["o"],
                }
            )
            .Write();
        string path = Path.Combine(folder.Location, BuildPlan.FileName);
        string whole = File.ReadAllText(path);
        Assert.NotNull(BuildPlan.TryRead(folder.Location));
        int tried = 0;
        foreach (string[] place in Places(JsonNode.Parse(whole)!, []))
        {
            foreach (bool remove in (bool[])[true, false])
            {
                JsonNode damaged = JsonNode.Parse(whole)!;
                JsonNode parent = place[..^1].Aggregate(damaged, At);
                if (parent is JsonArray list)
                {
                    list[int.Parse(place[^1], CultureInfo.InvariantCulture)] = null;
                }
                else if (remove)
                {
                    _ = parent.AsObject().Remove(place[^1]);
                }
                else
                {
                    parent[place[^1]] = null;
                }

                File.WriteAllText(path, damaged.ToJsonString());
                BuildPlan? read = BuildPlan.TryRead(folder.Location);
                // An entry of a dictionary may be left out; then it is another plan, and a whole one.
                Assert.True(
                    read is null
                        || (
                            remove && place[^2] is "roots" or "files" or "variables" or "properties"
                        ),
                    string.Join('/', place)
                );
                tried++;
            }
        }

        Assert.True(tried > 50);

        static JsonNode At(JsonNode node, string step) =>
            node is JsonArray list
                ? list[int.Parse(step, CultureInfo.InvariantCulture)]!
                : node[step]!;

        static IEnumerable<string[]> Places(JsonNode node, string[] above) =>
            node switch
            {
                JsonObject members => members.SelectMany(member =>
                    Places(member.Value!, [.. above, member.Key]).Prepend([.. above, member.Key])
                ),
                JsonArray list => list.SelectMany(
                    (item, index) =>
                        Places(item!, [.. above, index.ToString(CultureInfo.InvariantCulture)])
                            .Prepend([.. above, index.ToString(CultureInfo.InvariantCulture)])
                ),
                _ => [],
            };
    }

    [Fact]
    public void What_is_written_is_read() =>
        Action
            .Array[0, 5]
            .Sample(
                actions =>
                {
                    Plan(actions).Write();
                    BuildPlan read = BuildPlan.TryRead(folder.Location)!;
                    Assert.Equivalent(Plan(actions), read, strict: true);
                },
                iter: 200,
                threads: 1
            );

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"version\":1}")]
    [InlineData("\0\0\0\0")]
    public void A_damaged_plan_is_no_plan(string text)
    {
        _ = folder.Write(BuildPlan.FileName, text);

        Assert.Null(BuildPlan.TryRead(folder.Location));
    }

    [Fact]
    public void A_plan_that_is_cut_off_anywhere_is_no_plan()
    {
        Plan().Write();
        byte[] whole = File.ReadAllBytes(folder[BuildPlan.FileName]);
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(folder[BuildPlan.FileName], whole[..length]);
            Assert.Null(BuildPlan.TryRead(folder.Location));
        }
    }

    [Fact]
    public void A_plan_of_another_version_is_no_plan()
    {
        (Plan() with { Version = BuildPlan.CurrentVersion + 1 }).Write();

        Assert.Null(BuildPlan.TryRead(folder.Location));
    }

    [Fact]
    public void An_evaluation_holds_until_something_that_it_read_changes()
    {
        string file = folder.Write("project/x.csproj", "1");
        _ = folder.Write("project/a.cs", "1");
        _ = folder.Write("library/b.cs", "1");
        string absent = folder["project/Directory.Build.props"];
        Evaluation evaluation = Evaluation.Take(
            [file, absent],
            [Tree("project", [".cs"], contents: false), Tree("library", [""], contents: true)],
            new FileHashes(folder["state"])
        );
        Assert.Null(Change());

        _ = folder.Write("project/a.cs", "an edit, which no evaluation looks at");
        _ = folder.Write("project/.a.cs.swp", "an editor's own");
        _ = folder.Write("project/obj/c.cs", "a build's own");
        Assert.Null(Change());

        _ = folder.Write("project/x.csproj", "2");
        Assert.Equal($"{file} changed", Change());
        _ = folder.Write("project/x.csproj", "1");
        Assert.Null(Change());

        _ = folder.Write("project/Directory.Build.props", "");
        Assert.Equal($"{absent} is new", Change());
        File.Delete(absent);

        string added = folder.Write("project/sub/new.cs", "");
        Assert.Equal($"a file in {folder["project"]} is new or gone", Change());
        File.Delete(added);

        _ = folder.Write("library/b.cs", "2");
        Assert.Equal($"a file in {folder["library"]} changed", Change());
        _ = folder.Write("library/b.cs", "1");

        File.Delete(file);
        Assert.Equal($"{file} is gone", Change());
        _ = folder.Write("project/x.csproj", "1");
        Assert.Null(Change());

        Assert.Equal(
            "the last build was given Configuration=Debug",
            (
                evaluation with
                {
                    Properties = new Dictionary<string, string> { ["Configuration"] = "Debug" },
                }
            ).FindChange(new FileHashes(folder["state"]))
        );
        Assert.Equal(
            "the environment variable MorganaDistFolder changed",
            (
                evaluation with
                {
                    Variables = new Dictionary<string, string>(evaluation.Variables)
                    {
                        ["MorganaDistFolder"] = "elsewhere",
                    },
                }
            ).FindChange(new FileHashes(folder["state"]))
        );

        string? Change() => evaluation.FindChange(new FileHashes(folder["state"]));
        SourceTree Tree(string name, string[] endings, bool contents) =>
            new()
            {
                Folder = folder[name],
                Endings = endings,
                Contents = contents,
            };
    }
}
