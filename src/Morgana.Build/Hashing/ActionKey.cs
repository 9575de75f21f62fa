using System.Security.Cryptography;
using System.Text;
using Morgana.Build.Plans;

namespace Morgana.Build.Hashing;

/// <summary>What an action's outputs depend on, and the hash of all that: equal keys make equal outputs.</summary>
/// <param name="Key">The hash.</param>
/// <param name="Program">The hash of the program's file.</param>
/// <param name="Command">Arguments, lines of the response file and environment, with names in place of folders.</param>
/// <param name="Inputs">The inputs with their hashes, in the action's order.</param>
public sealed record ActionKey(
    string Key,
    string Program,
    IReadOnlyList<string> Command,
    IReadOnlyList<(string Path, string Hash)> Inputs
)
{
    // To be raised when what the engine does itself changes.
    private const string Version = "morgana-action 1";

    /// <summary>Computes the key of an action whose inputs are there.</summary>
    /// <param name="action">The action.</param>
    /// <param name="program">Full path of its program; empty for what the engine does itself.</param>
    /// <param name="hashes">Hashes of files.</param>
    /// <param name="names">Names in place of folders.</param>
    /// <param name="discovered">What the program has read besides the inputs; need not be there any more.</param>
    public static ActionKey Of(
        BuildAction action,
        string program,
        FileHashes hashes,
        PathNames names,
        IReadOnlyList<string>? discovered = null
    )
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentNullException.ThrowIfNull(names);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string programHash = program.Length == 0 ? "" : hashes.Of(program);
        List<string> command =
        [
            .. action.Arguments.Select(names.Map),
            .. action.ResponseLines.Select(names.Map),
            .. action.Environment.Select(names.Map),
        ];
        Append(Version);
        Append(action.Kind.ToString());
        Append(programHash);
        command.ForEach(Append);
        List<(string, string)> inputs = new(action.Inputs.Count);
        foreach (string input in action.Inputs.Concat(discovered ?? []))
        {
            string content = hashes.Of(input);
            inputs.Add((input, content));
            Append(names.Map(input));
            Append(content);
        }

        foreach (string output in action.Outputs)
        {
            Append(names.Map(output));
        }

        return new ActionKey(
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            programHash,
            command,
            inputs
        );

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
