using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Morgana.Dns;

/// <summary>Names with commas between them, as a boot argument: <c>test.,10.in-addr.arpa.</c></summary>
public sealed class DnsNameList : IReadOnlyList<DnsName>, ISpanParsable<DnsNameList>
{
    private readonly DnsName[] _names;

    private DnsNameList(DnsName[] names) => _names = names;

    /// <inheritdoc/>
    public int Count => _names.Length;

    /// <inheritdoc/>
    public DnsName this[int index] => _names[index];

    /// <summary>Reads names with commas between them.</summary>
    /// <exception cref="FormatException">One is not a name; the message says which and why.</exception>
    public static DnsNameList Parse(ReadOnlySpan<char> s, IFormatProvider? provider)
    {
        List<DnsName> names = [];
        foreach (Range part in s.Split(','))
        {
            names.Add(DnsName.Parse(s[part].Trim(), provider));
        }

        return new DnsNameList([.. names]);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static DnsNameList Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <summary>Reads names with commas between them.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out DnsNameList result
    )
    {
        List<DnsName> names = [];
        result = null;
        foreach (Range part in s.Split(','))
        {
            if (!DnsName.TryParse(s[part].Trim(), provider, out DnsName name))
            {
                return false;
            }

            names.Add(name);
        }

        result = new DnsNameList([.. names]);
        return true;
    }

    /// <summary>Reads names with commas between them.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out DnsNameList result
    ) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public IEnumerator<DnsName> GetEnumerator() => _names.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The names with commas between them.</summary>
    public override string ToString() => string.Join(',', _names);
}
