using System.Text.Encodings.Web;
using System.Text.Json;

namespace Morgana.Cli.Output;

/// <summary>How the tool writes JSON.</summary>
internal static class JsonOutput
{
    /// <summary>On several lines, with text as it is: the output goes to programs and people, never into HTML.</summary>
    public static JsonSerializerOptions Indented { get; } =
        new()
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}
