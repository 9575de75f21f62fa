namespace Morgana.Dns;

/// <summary>A master file cannot be used. The message has a line for each error, with file, line and column.</summary>
public sealed class MasterFileException : FormatException
{
    /// <summary>An exception for these issues.</summary>
    public MasterFileException(IReadOnlyList<MasterFileIssue> issues)
        : base(string.Join(Environment.NewLine, issues.Where(issue => issue.IsError))) =>
        Issues = issues;

    /// <summary>All errors and warnings.</summary>
    public IReadOnlyList<MasterFileIssue> Issues { get; }
}
