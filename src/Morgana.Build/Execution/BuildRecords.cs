using System.Text.Json;
using Morgana.Build.Plans;

namespace Morgana.Build.Execution;

/// <summary>
/// The records of a plan's actions, beside it. A record is taken back before its action runs, so that an action that was interrupted is never taken for done.
/// </summary>
internal sealed class BuildRecords
{
    private readonly string folder;
    private readonly string path;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ActionRecord> records;

    public BuildRecords(string stateFolder)
    {
        folder = Path.Combine(stateFolder, "actions");
        path = Path.Combine(stateFolder, "records.json");
        records = Read(path);
    }

    public ActionRecord? Find(string id)
    {
        lock (gate)
        {
            return records.GetValueOrDefault(id);
        }
    }

    /// <summary>The details of the last time.</summary>
    public ActionDetails? Details(string id)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(DetailsPath(id)),
                RecordJson.Default.ActionDetails
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Before an action runs.</summary>
    public void Forget(string id)
    {
        lock (gate)
        {
            if (records.Remove(id))
            {
                Write();
            }
        }
    }

    /// <summary>After an action is done.</summary>
    public void Keep(BuildAction action, ActionRecord record, ActionDetails details)
    {
        _ = Directory.CreateDirectory(folder);
        AtomicFile.Write(
            DetailsPath(action.Id),
            JsonSerializer.SerializeToUtf8Bytes(details, RecordJson.Default.ActionDetails)
        );
        lock (gate)
        {
            records[action.Id] = record;
            Write();
        }
    }

    private static Dictionary<string, ActionRecord> Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(
                    File.ReadAllBytes(path),
                    RecordJson.Default.DictionaryStringActionRecord
                ) ?? []
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    private void Write() =>
        AtomicFile.Write(
            path,
            JsonSerializer.SerializeToUtf8Bytes(
                records,
                RecordJson.Default.DictionaryStringActionRecord
            )
        );

    private string DetailsPath(string id) =>
        Path.Combine(
            folder,
            string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'))
                + ".json"
        );
}
