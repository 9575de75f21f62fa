namespace Morgana.Dns;

/// <summary>Zones as text (RFC 1035 section 5).</summary>
public static class MasterFile
{
    /// <summary>Reads all records of a master file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Name, origin and so on; null for the defaults.</param>
    /// <returns>The records in the file's order.</returns>
    /// <exception cref="MasterFileException">The text is no master file; the message lists what is wrong, where, and what to do.</exception>
    public static IReadOnlyList<MasterFileEntry> Parse(
        ReadOnlySpan<char> text,
        MasterFileOptions? options = null
    )
    {
        IReadOnlyList<MasterFileEntry> entries = Parse(
            text,
            options,
            out IReadOnlyList<MasterFileIssue> issues
        );
        return issues.Any(issue => issue.IsError) ? throw new MasterFileException(issues) : entries;
    }

    /// <summary>Reads the records of a master file, and goes on after errors to find the next ones.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Name, origin and so on; null for the defaults.</param>
    /// <param name="issues">What is wrong; at most 50 errors.</param>
    /// <returns>The records that could be read.</returns>
    public static IReadOnlyList<MasterFileEntry> Parse(
        ReadOnlySpan<char> text,
        MasterFileOptions? options,
        out IReadOnlyList<MasterFileIssue> issues
    )
    {
        var parser = new MasterFileParser(options ?? new MasterFileOptions());
        parser.Parse(text);
        issues = parser.Issues;
        return parser.Entries;
    }

    /// <summary>Prints records, one a line with full names: <see cref="Parse(ReadOnlySpan{char}, MasterFileOptions?)"/> gives the same records back.</summary>
    public static void Write(TextWriter writer, IEnumerable<ResourceRecord> records)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(records);
        foreach (ResourceRecord record in records)
        {
            writer.Write(record.ToString());
            writer.Write('\n');
        }
    }
}
