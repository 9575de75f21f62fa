using System.Globalization;
using System.Text.RegularExpressions;
using Morgana.Crunch;

namespace Morgana.Storage.Tests;

/// <summary>A store over the numbers in the C# that crunch printed, as the compiler would make it.</summary>
internal sealed partial class ParsedStore : EmbeddedStore
{
    private static Dictionary<string, ulong[]> s_next = [];
    private readonly byte[] _keys;
    private readonly int[] _keyEnds;
    private readonly ulong[] _contents;
    private readonly int[] _contentEnds;
    private readonly byte[] _digests;

    // The base class looks at the data while it is made: fields get their values before that.
    private ParsedStore(Dictionary<string, ulong[]> data)
        : this(data, Use(data)) { }

    private ParsedStore(Dictionary<string, ulong[]> data, bool _)
    {
        _keys = [.. data["Keys"].Select(n => (byte)n)];
        _keyEnds = [.. data["KeyEnds"].Select(n => (int)n)];
        _contents = data["Contents"];
        _contentEnds = [.. data["ContentEnds"].Select(n => (int)n)];
        _digests = [.. data["Digests"].Select(n => (byte)n)];
    }

    protected override ReadOnlySpan<byte> Keys => _keys;

    protected override ReadOnlySpan<int> KeyEnds => _keyEnds;

    protected override ReadOnlySpan<ulong> Contents => _contents ?? s_next["Contents"];

    protected override ReadOnlySpan<int> ContentEnds => _contentEnds;

    protected override ReadOnlySpan<byte> Digests => _digests ?? new byte[s_next["Digests"].Length];

    public static ParsedStore Of(IEnumerable<(string Path, byte[] Content)> files)
    {
        string text = StoreSource.Print(EmbeddedFolder.From(files), "A.B", "C");
        Dictionary<string, ulong[]> data = [];
        foreach (Match property in Property().Matches(text))
        {
            data[property.Groups["name"].Value] =
            [
                .. property
                    .Groups["numbers"]
                    .Value.Split(
                        ',',
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                    )
                    .Select(number =>
                        number.StartsWith("0x", StringComparison.Ordinal)
                            ? ulong.Parse(
                                number.AsSpan(2),
                                NumberStyles.AllowHexSpecifier,
                                CultureInfo.InvariantCulture
                            )
                            : ulong.Parse(number, CultureInfo.InvariantCulture)
                    ),
            ];
        }

        return new ParsedStore(data);
    }

    private static bool Use(Dictionary<string, ulong[]> data)
    {
        s_next = data;
        return true;
    }

    [GeneratedRegex(@"ReadOnlySpan<\w+> (?<name>\w+) =>\s*\[(?<numbers>[^\]]*)\];")]
    private static partial Regex Property();
}
