using System.Text.Json;
using Morgana.Cli.Projects;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Configure;

/// <summary>The graph of the last run of config.cs, as long as nothing that it is made from has changed.</summary>
internal sealed class GraphCache(UnikernelFolder folder)
{
    private string GraphPath => Path.Combine(folder.CachePath, folder.ConfigFile + ".graph.json");

    private string FingerprintPath =>
        Path.Combine(folder.CachePath, folder.ConfigFile + ".fingerprint");

    /// <summary>The kept graph; null when there is none, or something has changed since.</summary>
    public UnikernelGraph? Read()
    {
        try
        {
            if (!File.Exists(GraphPath) || !File.Exists(FingerprintPath))
            {
                return null;
            }

            UnikernelGraph graph = UnikernelGraph.FromJson(File.ReadAllText(GraphPath));
            return
                File.ReadAllText(FingerprintPath) == ConfigInputs.Fingerprint(folder, graph.Inputs)
                ? graph
                : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            // A damaged note is no note.
            return null;
        }
    }

    /// <summary>Keeps a graph.</summary>
    public void Write(UnikernelGraph graph)
    {
        Directory.CreateDirectory(folder.CachePath);
        // The fingerprint goes first and comes last: a graph without one is never believed.
        File.Delete(FingerprintPath);
        File.WriteAllText(GraphPath, graph.ToJson());
        File.WriteAllText(FingerprintPath, ConfigInputs.Fingerprint(folder, graph.Inputs));
    }
}
