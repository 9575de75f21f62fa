using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Execution;

/// <summary>Says why an action is not current.</summary>
internal static class Explanation
{
    private const int Most = 4;

    public static string Of(
        BuildAction action,
        ActionKey key,
        ActionRecord? before,
        Func<string, string> show
    )
    {
        if (before is null)
        {
            return "it was not built here before, or was interrupted";
        }

        List<string> reasons = [];
        if (before.Program != key.Program)
        {
            reasons.Add($"{Path.GetFileName(action.Program)} is another version");
        }

        List<string> added = [.. key.Command.Except(before.Command, StringComparer.Ordinal)];
        List<string> gone = [.. before.Command.Except(key.Command, StringComparer.Ordinal)];
        reasons.AddRange(added.Select(argument => $"its command now has {argument}"));
        reasons.AddRange(gone.Select(argument => $"its command no longer has {argument}"));
        if (added.Count == 0 && gone.Count == 0 && !key.Command.SequenceEqual(before.Command))
        {
            reasons.Add("the order of its command's arguments changed");
        }

        Dictionary<string, string> inputs = [];
        foreach ((string path, string hash, _) in key.Inputs)
        {
            inputs[path] = hash;
            if (!before.Inputs.TryGetValue(path, out string? earlier))
            {
                if (hash.Length == 0)
                {
                    continue;
                }

                reasons.Add($"{show(path)} is new");
            }
            else if (earlier != hash)
            {
                reasons.Add(
                    hash.Length == 0 ? $"{show(path)} is gone"
                    : earlier.Length == 0 ? $"{show(path)} is new"
                    : $"{show(path)} changed"
                );
            }
        }

        reasons.AddRange(
            before
                .Inputs.Keys.Where(path => !inputs.ContainsKey(path))
                .Select(path => $"{show(path)} is gone")
        );
        if (before.Key == key.Key)
        {
            string? output = action.Outputs.FirstOrDefault(path => !File.Exists(path));
            reasons.Add(
                output is null
                    ? "what it made was changed by something else"
                    : $"{show(output)} is not there"
            );
        }

        if (reasons.Count == 0)
        {
            reasons.Add("the files that it makes have other names");
        }

        return string.Join("; ", reasons.Take(Most))
            + (reasons.Count > Most ? $"; and {reasons.Count - Most} more" : "");
    }
}
