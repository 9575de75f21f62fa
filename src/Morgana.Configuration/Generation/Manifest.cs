using System.Text;

namespace Morgana.Configuration.Generation;

/// <summary>
/// manifest.json: the devices that the tender must bring, in Solo5's format (solo5-elftool gen-manifest).
/// It is the one generated file without a head line: solo5-elftool refuses members it does not know, and comments.
/// The saved context lists it with its hash instead.
/// </summary>
internal static class Manifest
{
    /// <summary>The manifest of the first target, and of all others whose devices are the same.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The manifest of a target with other devices than the first has.</summary>
    public static string FileNameOf(Target target) => $"manifest.{target}.json";

    public static string Print(EvaluatedGraph graph)
    {
        StringBuilder text = new();
        text.Append("{\n  \"type\": \"solo5.manifest\",\n  \"version\": 1,\n  \"devices\": [");
        string separator = "";
        foreach (Need slot in graph.Slots)
        {
            // The names are letters and digits (NameRules.CheckSlot): nothing to escape.
            string type = slot.Kind == NeedKind.NetworkSlot ? "NET_BASIC" : "BLOCK_BASIC";
            text.Append($"{separator}\n    {{ \"name\": \"{slot.Name}\", \"type\": \"{type}\" }}");
            separator = ",";
        }

        return text.Append(separator.Length == 0 ? "]\n}\n" : "\n  ]\n}\n").ToString();
    }
}
