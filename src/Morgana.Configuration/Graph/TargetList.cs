namespace Morgana.Configuration.Graph;

/// <summary>Several targets in one text, as the target key has them: <c>spt,unix</c>.</summary>
internal static class TargetList
{
    /// <summary>The names, each once, in the order of the text: the first is what commands mean that take one.</summary>
    public static string[] Split(string text) =>
        [
            .. text.Split(
                    ',',
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
                .Distinct(),
        ];

    /// <summary>The names as one text.</summary>
    public static string Join(IEnumerable<string> names) => string.Join(',', names);
}
