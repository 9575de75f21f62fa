namespace Morgana.Workspace.Reading;

/// <summary>Guesses what a misspelt word was to be.</summary>
internal static class Spelling
{
    /// <summary>The end of a message: <c>; did you mean X?</c>, or the words that there are.</summary>
    public static string Advice(string word, IReadOnlyCollection<string> known, string kind) =>
        Nearest(word, known) is string near ? $"; did you mean '{near}'?"
        : known.Count == 0 ? $"; there are no {kind}."
        : $"; the {kind} are: {string.Join(", ", known)}.";

    /// <summary>The known word that is a slip or two away; null when none is.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        int limit = word.Length < 4 ? 1 : 2;
        return known
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .Where(pair =>
                pair.distance <= limit
                || (
                    word.Length >= 3
                    && pair.candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                )
            )
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>How many letters must be put in, left out, changed or swapped with their neighbour; case does not count.</summary>
    public static int Distance(string one, string other)
    {
        int[,] distance = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                bool same = Same(one[i - 1], other[j - 1]);
                int best = Math.Min(
                    Math.Min(distance[i - 1, j] + 1, distance[i, j - 1] + 1),
                    distance[i - 1, j - 1] + (same ? 0 : 1)
                );
                if (
                    i > 1
                    && j > 1
                    && Same(one[i - 1], other[j - 2])
                    && Same(one[i - 2], other[j - 1])
                )
                {
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                }

                distance[i, j] = best;
            }
        }

        return distance[one.Length, other.Length];

        static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
    }
}
