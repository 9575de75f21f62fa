using Morgana.Build.Hashing;

namespace Morgana.Build.Plans;

/// <summary>
/// All that MSBuild read to make the plan. While it is as it was, the plan is what MSBuild would make again, and MSBuild need not be asked.
/// </summary>
public sealed record Evaluation
{
    /// <summary>Variables whose value becomes a property of the project, or steers how packages and programs are found.</summary>
    private static readonly string[] Steering =
    [
        "CI",
        "Configuration",
        "Platform",
        "RuntimeIdentifier",
        "TargetFramework",
        "DefineConstants",
        "OptimizationPreference",
        "UseSharedCompilation",
        "NUGET_PACKAGES",
        "MORGANA_TOOLCHAINS",
    ];

    /// <summary>Files with the hashes of their contents; an empty hash for a file that was looked for and not there.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Folders with the hashes of what is in them.</summary>
    public required IReadOnlyList<EvaluatedTree> Trees { get; init; }

    /// <summary>Environment variables that steer builds, with their values; empty for one that was not set.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Properties that were given on the command line of that build: the plan holds for builds that are given the same.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Takes down how things are now.</summary>
    /// <param name="files">The files, those that are not there included.</param>
    /// <param name="trees">The folders.</param>
    /// <param name="hashes">Hashes of files.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Evaluation Take(
        IEnumerable<string> files,
        IEnumerable<SourceTree> trees,
        FileHashes hashes
    )
    {
        ArgumentNullException.ThrowIfNull(hashes);
        return new Evaluation
        {
            Files = files
                .Distinct(StringComparer.Ordinal)
                .ToDictionary(file => file, hashes.Of, StringComparer.Ordinal),
            Trees = [.. trees.Select(tree => new EvaluatedTree(tree, TreeHash.Of(tree, hashes)))],
            Variables = CurrentVariables(),
        };
    }

    /// <summary>Whether nothing of it is missing, as it can be when it was read from a file.</summary>
    internal bool IsWhole() =>
        Files?.All(file => file.Value is not null) == true
        && Variables?.All(variable => variable.Value is not null) == true
        && Properties?.All(property => property.Value is not null) == true
        && Trees?.All(tree =>
            tree is { Hash: not null, Tree: { Folder: not null, Endings: not null } }
            && tree.Tree.Endings.All(ending => ending is not null)
        ) == true;

    /// <summary>What is not as it was, in words for <c>--explain</c>; null when everything is.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string? FindChange(FileHashes hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (Properties.Count > 0)
        {
            return $"the last build was given {string.Join(", ", Properties.Select(property => $"{property.Key}={property.Value}"))}";
        }

        foreach ((string file, string hash) in Files)
        {
            string now = hashes.Of(file);
            if (now != hash)
            {
                return hash.Length == 0 ? $"{file} is new"
                    : now.Length == 0 ? $"{file} is gone"
                    : $"{file} changed";
            }
        }

        foreach (EvaluatedTree tree in Trees)
        {
            if (TreeHash.Of(tree.Tree, hashes) != tree.Hash)
            {
                return tree.Tree.Contents
                    ? $"a file in {tree.Tree.Folder} changed"
                    : $"a file in {tree.Tree.Folder} is new or gone";
            }
        }

        Dictionary<string, string> variables = CurrentVariables();
        return
            variables
                .Keys.Union(Variables.Keys)
                .Order(StringComparer.Ordinal)
                .FirstOrDefault(name =>
                    variables.GetValueOrDefault(name, "") != Variables.GetValueOrDefault(name, "")
                )
                is string changed
            ? $"the environment variable {changed} changed"
            : null;
    }

    /// <summary>Those that steer builds, with properties of Morgana's own that may come from the environment.</summary>
    internal static Dictionary<string, string> CurrentVariables()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (string name in Steering)
        {
            variables[name] = Environment.GetEnvironmentVariable(name) ?? "";
        }

        foreach (
            System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()
        )
        {
            string name = (string)variable.Key;
            if (
                name.StartsWith("Morgana", StringComparison.Ordinal)
                && variable.Value is string { Length: > 0 } value
            )
            {
                variables[name] = value;
            }
        }

        return variables;
    }
}
