using System.Text.Json;
using System.Text.Json.Nodes;
using NuGet.Versioning;

namespace Morgana.Cli.Needs.Locks;

/// <summary>
/// Puts versions back that moved for no reason. NuGet resolves everything anew when a lock does not fit the project any more, so that one more
/// reference moves each floating version to the newest there is.
/// </summary>
internal static class LockMerge
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The lock of now with the versions of before wherever all that ask for a package are content with them; null when none would be another.</summary>
    /// <param name="before">The text of the lock before the restore.</param>
    /// <param name="after">The text of the lock after it.</param>
    public static string? Merge(string before, string after)
    {
        try
        {
            JsonObject old = JsonNode.Parse(before)!["dependencies"]!.AsObject();
            JsonNode root = JsonNode.Parse(after)!;
            JsonObject frameworks = root["dependencies"]!.AsObject();
            bool changed = false;
            foreach (string framework in frameworks.Select(f => f.Key).ToList())
            {
                if (
                    old[framework] is JsonObject was
                    && Merge(was, frameworks[framework]!.AsObject()) is { } merged
                )
                {
                    frameworks[framework] = merged;
                    changed = true;
                }
            }

            return changed ? root.ToJsonString(Indented) : null;
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or NullReferenceException
                        or InvalidOperationException
                        or ArgumentException
            )
        {
            // What cannot be read is left as NuGet has it.
            return null;
        }
    }

    private static JsonObject? Merge(JsonObject was, JsonObject now)
    {
        Dictionary<string, JsonObject> old = Packages(was);
        Dictionary<string, JsonObject> present = Packages(now);
        Dictionary<string, JsonObject> projects = now.Where(e => !IsPackage(e.Value))
            .ToDictionary(e => e.Key, e => e.Value!.AsObject(), StringComparer.OrdinalIgnoreCase);
        // A version of before that somebody is not content with gives way, and with it what it asked for: so again until all are content.
        HashSet<string> moved = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, JsonObject> chosen;
        string[] refused;
        do
        {
            chosen = Closure(
                projects,
                present,
                id => moved.Contains(id) ? null : old.GetValueOrDefault(id)
            );
            refused =
            [
                .. chosen
                    .Where(e => !moved.Contains(e.Key) && old.ContainsKey(e.Key))
                    .Where(e => !IsWanted(e.Key, e.Value, chosen, present))
                    .Select(e => e.Key),
            ];
            moved.UnionWith(refused);
        } while (refused.Length > 0);

        JsonObject merged = [];
        bool changed = false;
        foreach (
            (string id, JsonObject entry) in chosen.OrderBy(
                e => (Rank(e.Value), e.Key),
                Comparer<(int, string)>.Create(
                    (a, b) =>
                        a.Item1 != b.Item1
                            ? a.Item1.CompareTo(b.Item1)
                            : string.Compare(a.Item2, b.Item2, StringComparison.OrdinalIgnoreCase)
                )
            )
        )
        {
            changed |=
                Version(entry)
                != Version(present.GetValueOrDefault(id) ?? projects.GetValueOrDefault(id));
            merged[id] = entry.DeepClone();
        }

        return changed ? merged : null;
    }

    /// <summary>What the project itself asks for now, and all that follows from it.</summary>
    private static Dictionary<string, JsonObject> Closure(
        Dictionary<string, JsonObject> projects,
        Dictionary<string, JsonObject> present,
        Func<string, JsonObject?> locked
    )
    {
        Dictionary<string, JsonObject> chosen = new(projects, StringComparer.OrdinalIgnoreCase);
        Queue<string> open = new(
            present
                .Where(e => (string?)e.Value["type"] == "Direct")
                .Select(e => e.Key)
                .Concat(projects.Values.SelectMany(Needs).Select(n => n.Id))
        );
        while (open.TryDequeue(out string? id))
        {
            if (chosen.ContainsKey(id))
            {
                continue;
            }

            JsonObject? now = present.GetValueOrDefault(id);
            if ((locked(id) ?? now) is not { } entry)
            {
                // Part of the framework, or a project of which the lock says nothing.
                continue;
            }

            entry = entry.DeepClone().AsObject();
            if (now is not null)
            {
                // How it is asked for is as it is now; which version that gives is as it was.
                Take(entry, now, "type");
                Take(entry, now, "requested");
            }

            chosen[id] = entry;
            foreach ((string need, _) in Needs(entry))
            {
                open.Enqueue(need);
            }
        }

        return chosen;
    }

    private static void Take(JsonObject entry, JsonObject from, string member)
    {
        JsonNode? value = from[member]?.DeepClone();
        if (value is null)
        {
            entry.Remove(member);
        }
        else
        {
            entry[member] = value;
        }
    }

    private static bool IsWanted(
        string id,
        JsonObject entry,
        Dictionary<string, JsonObject> chosen,
        Dictionary<string, JsonObject> present
    )
    {
        NuGetVersion version = NuGetVersion.Parse(Version(entry)!);
        return (
                present.GetValueOrDefault(id)?["requested"] is not { } requested
                || VersionRange.Parse((string)requested!).Satisfies(version)
            )
            && chosen
                .Values.SelectMany(Needs)
                .Where(need => need.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
                .All(need => VersionRange.Parse(need.Range).Satisfies(version));
    }

    private static Dictionary<string, JsonObject> Packages(JsonObject framework) =>
        framework
            .Where(e => IsPackage(e.Value))
            .ToDictionary(e => e.Key, e => e.Value!.AsObject(), StringComparer.OrdinalIgnoreCase);

    private static bool IsPackage(JsonNode? entry) => entry?["resolved"] is not null;

    private static string? Version(JsonObject? entry) => (string?)entry?["resolved"];

    private static IEnumerable<(string Id, string Range)> Needs(JsonObject entry) =>
        (entry["dependencies"]?.AsObject() ?? []).Select(d => (d.Key, (string?)d.Value ?? "0.0.0"));

    /// <summary>NuGet writes what the project asks for first, then what follows, then projects.</summary>
    private static int Rank(JsonObject entry) =>
        (string?)entry["type"] switch
        {
            "Direct" => 0,
            "Transitive" => 1,
            "Project" => 2,
            _ => 3,
        };
}
