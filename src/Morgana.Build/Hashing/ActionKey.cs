using System.Security.Cryptography;
using System.Text;
using Morgana.Build.Execution;
using Morgana.Build.Plans;

namespace Morgana.Build.Hashing;

/// <summary>What an action's outputs depend on, and the hash of all that: equal keys make equal outputs.</summary>
/// <param name="Key">The hash.</param>
/// <param name="Program">The hash of the program's file.</param>
/// <param name="Command">Arguments, lines of the response file and environment, with names in place of folders.</param>
/// <param name="Inputs">The inputs as they were hashed, in the action's order.</param>
internal sealed record ActionKey(
    string Key,
    string Program,
    IReadOnlyList<string> Command,
    IReadOnlyList<ObservedFile> Inputs
)
{
    // To be raised when what the engine does itself changes.
    private const string Version = "morgana-action 2";

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
        // A compiler's messages may have places in them, and so may what it makes: then only those count as equal that it was told to call equal.
        PathNames named = action.Names is { } own ? new PathNames(own) : names;
        string programHash = program.Length == 0 ? "" : hashes.Of(program);
        List<string> command =
        [
            .. action
                .Arguments.Where(argument => argument != "@" + action.ResponseFile)
                // Whether a server compiles changes nothing in what is compiled.
                .Where(argument => action.Kind != ActionKind.CSharp || argument != "/shared")
                .Select(named.Map),
            .. action.ResponseLines.Select(named.Map),
            // What compilers get besides is a short list on which nothing depends; of the project's own programs nobody knows.
            .. (
                action.Kind == ActionKind.Program
                    ? ProgramEnvironment.ForActions(action.Environment)
                    : action.Environment
            ).Select(named.Map),
            named.Map(action.WorkingFolder),
        ];
        Append(Version);
        Append(action.Kind.ToString());
        Append(programHash);
        command.ForEach(Append);
        List<ObservedFile> inputs = new(action.Inputs.Count + (discovered?.Count ?? 0));
        foreach (string input in action.Inputs.Concat(discovered ?? []))
        {
            ObservedFile content = hashes.Observe(input);
            inputs.Add(content);
            Append(named.Map(input));
            Append(content.Hash);
        }

        foreach (string output in action.Outputs)
        {
            Append(named.Map(output));
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
