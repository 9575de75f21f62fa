using System.Text.Json.Nodes;
using Morgana.Cli.Needs.Locks;

namespace Morgana.Cli.Tests;

public class LockMergeTests
{
    [Fact]
    public void One_more_package_moves_no_floating_version()
    {
        JsonNode merged = Merge(
            Lock(Direct("A", "[1.*, )", "1.0.0")),
            Lock(Direct("A", "[1.*, )", "1.1.0"), Direct("B", "[1.0.0, )", "1.0.0"))
        )!;
        Assert.Equal("1.0.0", Version(merged, "A"));
        Assert.Equal("1.0.0", Version(merged, "B"));
    }

    [Fact]
    public void What_an_older_version_needed_comes_back_with_it()
    {
        JsonNode merged = Merge(
            Lock(Direct("A", "[1.*, )", "1.0.0", ("C", "2.0.0")), Transitive("C", "2.0.0")),
            Lock(Direct("A", "[1.*, )", "1.1.0", ("D", "3.0.0")), Transitive("D", "3.0.0"))
        )!;
        Assert.Equal("2.0.0", Version(merged, "C"));
        Assert.Null(Version(merged, "D"));
    }

    [Fact]
    public void A_version_that_a_new_package_is_not_content_with_moves() =>
        Assert.Null(
            Merge(
                Lock(Direct("A", "[1.*, )", "1.0.0")),
                Lock(
                    Direct("A", "[1.*, )", "1.1.0"),
                    Direct("B", "[1.0.0, )", "1.0.0", ("A", "1.1.0"))
                )
            )
        );

    [Fact]
    public void A_version_that_the_project_does_not_ask_for_any_more_moves() =>
        Assert.Null(
            Merge(
                Lock(Direct("A", "[1.0.0, 1.0.0]", "1.0.0")),
                Lock(Direct("A", "[2.0.0, )", "2.0.0"))
            )
        );

    [Fact]
    public void A_lock_that_cannot_be_read_is_left_alone() =>
        Assert.Null(LockMerge.Merge("{", Lock(Direct("A", "[1.*, )", "1.1.0")).ToJsonString()));

    private static JsonNode? Merge(JsonObject before, JsonObject after) =>
        LockMerge.Merge(before.ToJsonString(), after.ToJsonString()) is { } text
            ? JsonNode.Parse(text)
            : null;

    private static string? Version(JsonNode file, string id) =>
        (string?)file["dependencies"]!["net10.0"]![id]?["resolved"];

    private static JsonObject Lock(params (string Id, JsonObject Entry)[] entries) =>
        new JsonObject
        {
            ["version"] = 1,
            ["dependencies"] = new JsonObject
            {
                ["net10.0"] = new JsonObject(
                    entries.Select(e => KeyValuePair.Create(e.Id, (JsonNode?)e.Entry))
                ),
            },
        };

    private static (string, JsonObject) Direct(
        string id,
        string requested,
        string resolved,
        params (string Id, string Range)[] needs
    )
    {
        (_, JsonObject entry) = Transitive(id, resolved, needs);
        entry["type"] = "Direct";
        entry["requested"] = requested;
        return (id, entry);
    }

    private static (string, JsonObject) Transitive(
        string id,
        string resolved,
        params (string Id, string Range)[] needs
    ) =>
        (
            id,
            new JsonObject
            {
                ["type"] = "Transitive",
                ["resolved"] = resolved,
                ["contentHash"] = $"{id}{resolved}",
                ["dependencies"] = new JsonObject(
                    needs.Select(n => KeyValuePair.Create(n.Id, (JsonNode?)n.Range))
                ),
            }
        );
}
