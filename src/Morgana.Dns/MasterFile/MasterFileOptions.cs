namespace Morgana.Dns;

/// <summary>How a master file is read.</summary>
public sealed record MasterFileOptions
{
    /// <summary>The file's name: for messages only.</summary>
    public string FileName { get; init; } = "zone";

    /// <summary>What relative names are put under until $ORIGIN says otherwise.</summary>
    public DnsName Origin { get; init; }

    /// <summary>The TTL in seconds of records that have none, until $TTL says otherwise; null when there is no such default.</summary>
    public uint? DefaultTtl { get; init; }

    /// <summary>The class that all records must have.</summary>
    public RecordClass Class { get; init; } = RecordClass.Internet;

    /// <summary>
    /// Gives the text of a file that $INCLUDE names, or null when there is none. Without it $INCLUDE is refused: a zone's author
    /// must not be able to read what the program can read.
    /// </summary>
    public Func<string, string?>? Include { get; init; }
}
