using System.Text.Json;
using System.Text.Json.Nodes;
using Morgana.Cli.Output;

namespace Morgana.Cli.Needs.Locks;

/// <summary>
/// <c>tools.NAME.lock.json</c>: what builds the image, apart from what goes into it. Packages are held to their hashes,
/// host by host, because each host has compilers of its own. Programs of the host are written down as they were found:
/// another version of them is worth a word, not a failure.
/// </summary>
internal sealed class ToolsLock
{
    private readonly JsonObject _root;

    private ToolsLock(JsonObject root) => _root = root;

    /// <summary>The lock at <paramref name="path"/>; null when there is none.</summary>
    /// <exception cref="CommandException">It is damaged.</exception>
    public static ToolsLock? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            JsonObject root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            ToolsLock tools = new(root);
            foreach ((string host, _) in root["hosts"]!.AsObject())
            {
                _ = tools.Packages(host);
                _ = tools.Found(host);
            }

            return tools;
        }
        catch (Exception exception)
            when (exception is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new CommandException(
                ExitCode.LockStale,
                $"{path} is damaged: restore it from your version control, or remove it and run morgana depends."
            );
        }
    }

    /// <summary>True when the lock speaks of a host.</summary>
    public bool Knows(string host) => _root["hosts"]![host] is not null;

    /// <summary>The packages for a host, by name.</summary>
    public IReadOnlyList<LockedPackage> Packages(string host) =>
        [
            .. (_root["hosts"]![host]?["packages"]!.AsObject() ?? []).Select(p => new LockedPackage(
                p.Key,
                (string?)p.Value!["version"] ?? throw new JsonException($"{p.Key} has no version."),
                (string?)p.Value["contentHash"] ?? ""
            )),
        ];

    /// <summary>The programs that were found on a host, by name, with their versions.</summary>
    public IReadOnlyDictionary<string, string> Found(string host) =>
        (_root["hosts"]![host]?["found"]!.AsObject() ?? []).ToDictionary(
            f => f.Key,
            f => (string)f.Value!
        );

    /// <summary>What a build on a host would take in another version or with another content than the lock names, a line each.</summary>
    public IReadOnlyList<string> Changes(string host, IReadOnlyList<LockedPackage> now)
    {
        Dictionary<string, LockedPackage> locked = Packages(host)
            .ToDictionary(p => p.Id, StringComparer.OrdinalIgnoreCase);
        List<string> changes = [];
        foreach (LockedPackage package in now)
        {
            if (!locked.TryGetValue(package.Id, out LockedPackage? was))
            {
                continue;
            }

            if (was.Version != package.Version)
            {
                changes.Add(
                    $"{package.Id}: the lock has {was.Version}, needed is {package.Version}"
                );
            }
            else if (was.ContentHash != package.ContentHash)
            {
                changes.Add($"{package}: its content has another hash than the lock names");
            }
        }

        return changes;
    }

    /// <summary>What a build on a host would take and the lock does not name.</summary>
    public IReadOnlyList<LockedPackage> Lacks(string host, IReadOnlyList<LockedPackage> now) =>
        [
            .. now.ExceptBy(
                Packages(host).Select(p => p.Id),
                p => p.Id,
                StringComparer.OrdinalIgnoreCase
            ),
        ];

    /// <summary>The text of a lock that says this of a host, and of others what <paramref name="earlier"/> said.</summary>
    public static string Print(
        ToolsLock? earlier,
        string host,
        IReadOnlyList<LockedPackage> packages,
        IReadOnlyDictionary<string, string> found
    )
    {
        SortedDictionary<string, JsonNode> hosts = new(StringComparer.Ordinal);
        foreach ((string other, JsonNode? node) in earlier?._root["hosts"]!.AsObject() ?? [])
        {
            hosts[other] = node!.DeepClone();
        }

        hosts[host] = new JsonObject
        {
            ["packages"] = new JsonObject(
                packages
                    .OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase)
                    .Select(p => KeyValuePair.Create(p.Id, (JsonNode?)Entry(p)))
            ),
            ["found"] = new JsonObject(
                found
                    .OrderBy(f => f.Key, StringComparer.Ordinal)
                    .Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))
            ),
        };
        return new JsonObject
            {
                ["//"] =
                    "Written by morgana depends: what builds the image. What goes into it stands in packages.NAME.lock.json.",
                ["version"] = 1,
                ["hosts"] = new JsonObject(
                    hosts.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))
                ),
            }.ToJsonString(JsonOutput.Indented) + "\n";
    }

    private static JsonObject Entry(LockedPackage package)
    {
        JsonObject entry = new() { ["version"] = package.Version };
        // The SDK of a checkout changes with it: there is a version control for that.
        entry.Add(
            package.ContentHash.Length > 0
                ? KeyValuePair.Create("contentHash", (JsonNode?)package.ContentHash)
                : KeyValuePair.Create("from", (JsonNode?)"this checkout")
        );
        return entry;
    }
}
