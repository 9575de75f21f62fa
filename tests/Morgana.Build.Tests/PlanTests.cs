using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
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
            Direct = lists[4],
            Names = new Dictionary<string, string> { ["/a"] = texts[0] },
        };

    public void Dispose() => folder.Dispose();

    private BuildPlan Plan(params BuildAction[] actions) =>
        new()
        {
            Name = "name",
            ProjectFolder = folder.Location,
            StateFolder = folder.Location,
            Roots = new Dictionary<string, string> { ["/a"] = "<a>" },
            ProjectFile = "/a/x.csproj",
            Folders = ["/a/native"],
            Files = ["/a/toolchain.json"],
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
                        || place[^1] is "names"
                        || (remove && (place[^1] is "looksEverywhere" || place[^2] is "roots")),
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
}
