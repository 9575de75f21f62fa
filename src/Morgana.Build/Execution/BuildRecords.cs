using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Morgana.Build.Plans;

namespace Morgana.Build.Execution;

/// <summary>
/// The records of actions, a file for each, beside the plan. A record is taken back before its action runs, so that an action that was interrupted is never taken for done.
/// </summary>
internal sealed class BuildRecords(string stateFolder)
{
    private readonly string folder = Path.Combine(stateFolder, "actions");

    /// <summary>What is recorded; null for nothing, or for what cannot be read.</summary>
    public ActionRecord? Find(string id)
    {
        try
        {
            ActionRecord? record = JsonSerializer.Deserialize(
                File.ReadAllBytes(PathOf(id)),
                RecordJson.Default.ActionRecord
            );
            return record?.IsWhole() == true ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Before an action runs.</summary>
    public void Forget(string id)
    {
        if (Directory.Exists(folder))
        {
            File.Delete(PathOf(id));
        }
    }

    /// <summary>After an action is done.</summary>
    public void Keep(BuildAction action, ActionRecord record)
    {
        _ = Directory.CreateDirectory(folder);
        AtomicFile.Write(
            PathOf(action.Id),
            JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.ActionRecord)
        );
    }

    /// <summary>A readable name, and a hash since two ids may read the same.</summary>
    private string PathOf(string id)
    {
        string readable = string.Concat(
            id.TakeLast(80).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_')
        );
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return Path.Combine(folder, $"{readable}.{hash[..12]}.json");
    }
}
