using System.Globalization;

namespace Morgana.EndToEnd.Clients;

/// <summary>An answer as <c>dig</c> printed it.</summary>
/// <param name="Status">The response code, such as NOERROR.</param>
/// <param name="Flags">The header flags, such as "qr rd ra".</param>
/// <param name="Answers">The records of the answer section, single-spaced: name, TTL, class, type, data.</param>
/// <param name="Authorities">Those of the authority section.</param>
/// <param name="Text">All that was printed.</param>
internal sealed record DnsAnswer(
    string Status,
    IReadOnlyList<string> Flags,
    IReadOnlyList<string> Answers,
    IReadOnlyList<string> Authorities,
    string Text
)
{
    /// <summary>The data of the answers of a type, sorted: what is compared where order does not matter.</summary>
    public IReadOnlyList<string> Data(string type) =>
        [
            .. Answers
                .Select(record => record.Split(' ', 5))
                .Where(fields => fields[3] == type)
                .Select(fields => fields[4])
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The smallest TTL among the answers, in seconds.</summary>
    public int Ttl =>
        Answers
            .Select(record => int.Parse(record.Split(' ')[1], CultureInfo.InvariantCulture))
            .DefaultIfEmpty(0)
            .Min();

    /// <summary>Reads what <c>dig</c> (or <c>kdig</c>, which words it the same way) printed.</summary>
    public static DnsAnswer Parse(string text)
    {
        string status = "none";
        string[] flags = [];
        List<string> answers = [];
        List<string> authorities = [];
        List<string>? section = null;
        foreach (string line in text.Split('\n'))
        {
            int at = line.IndexOf("status: ", StringComparison.Ordinal);
            if (at >= 0 && line.Contains("->>HEADER<<-", StringComparison.Ordinal))
            {
                status = line[(at + 8)..].Split([',', ';'])[0];
            }
            else if (
                line.StartsWith(";; flags: ", StringComparison.Ordinal)
                || line.StartsWith(";; Flags: ", StringComparison.Ordinal)
            )
            {
                flags = line[10..].Split(';')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
            else if (line.StartsWith(";; ", StringComparison.Ordinal) || line.Length == 0)
            {
                section = line switch
                {
                    ";; ANSWER SECTION:" => answers,
                    ";; AUTHORITY SECTION:" => authorities,
                    _ => null,
                };
            }
            else if (section is not null && line[0] != ';')
            {
                section.Add(
                    string.Join(' ', line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                );
            }
        }

        return new DnsAnswer(status, flags, answers, authorities, text);
    }
}
