using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Sizes;

/// <summary>The bytes of an image, summed and sorted, largest first.</summary>
internal sealed class SizeTable
{
    private readonly string _image;
    private readonly SizeKind _kind;
    private readonly (string Library, string Name, long Bytes)[] _rows;

    public SizeTable(string image, SizeKind kind, IReadOnlyDictionary<Origin, long> sizes)
    {
        _image = image;
        _kind = kind;
        _rows =
        [
            .. sizes
                .GroupBy(s => (s.Key.Library, Name(s.Key)))
                .Select(g => (g.Key.Library, g.Key.Item2, g.Sum(s => s.Value)))
                .OrderByDescending(r => r.Item3)
                .ThenBy(r => r.Item2, StringComparer.Ordinal)
                .ThenBy(r => r.Library, StringComparer.Ordinal),
        ];
    }

    /// <summary>All bytes: the file's size.</summary>
    public long Total => _rows.Sum(r => r.Bytes);

    /// <summary>A table for people.</summary>
    /// <param name="most">Rows to show; the others are one row at the end. 0 for all.</param>
    public string Text(int most)
    {
        StringBuilder text = new();
        int shown = most > 0 && most < _rows.Length ? most : _rows.Length;
        foreach ((string library, string name, long bytes) in _rows.Take(shown))
        {
            Line(
                bytes,
                _kind == SizeKind.Namespace && library != name ? $"{name}  [{library}]" : name
            );
        }

        if (shown < _rows.Length)
        {
            Line(
                _rows.Skip(shown).Sum(r => r.Bytes),
                string.Create(CultureInfo.InvariantCulture, $"... {_rows.Length - shown} more")
            );
        }

        Line(Total, $"{_image}, the whole file");
        return text.ToString();

        void Line(long bytes, string what) =>
            text.Append(
                CultureInfo.InvariantCulture,
                $"{bytes, 12:N0}  {100.0 * bytes / Math.Max(1, Total), 5:F1} %  {what}\n"
            );
    }

    /// <summary>All rows for programs; docs/query.md describes the members.</summary>
    public JsonObject Json() =>
        new()
        {
            ["image"] = _image,
            ["bytes"] = Total,
            ["by"] = _kind.ToString().ToLowerInvariant(),
            ["rows"] = new JsonArray([
                .. _rows.Select(r =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = r.Name,
                            ["library"] = r.Library,
                            ["bytes"] = r.Bytes,
                        }
                ),
            ]),
        };

    private string Name(Origin origin) =>
        _kind switch
        {
            SizeKind.Library => origin.Library,
            SizeKind.Namespace => origin.Namespace,
            SizeKind.Type => origin.Type,
            _ => origin.Type == origin.Method ? origin.Method : $"{origin.Type}.{origin.Method}",
        };
}
