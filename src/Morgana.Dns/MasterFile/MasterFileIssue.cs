using System.Globalization;

namespace Morgana.Dns;

/// <summary>Something that is wrong or doubtful in a master file or in the zone made of it.</summary>
/// <param name="File">The file's name, as it was given.</param>
/// <param name="Line">The line, from 1; 0 when no one line is to blame.</param>
/// <param name="Column">The column in characters, from 1; 0 when the whole line is meant.</param>
/// <param name="IsError">True for what must be mended, false for a warning.</param>
/// <param name="Message">What is wrong and what to do, in full sentences.</param>
public readonly record struct MasterFileIssue(
    string File,
    int Line,
    int Column,
    bool IsError,
    string Message
)
{
    /// <summary><c>file:line:column: error: message</c>, as editors and terminals understand it.</summary>
    public override string ToString()
    {
        string line = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $":{Line}") : "";
        string column = Column > 0 ? string.Create(CultureInfo.InvariantCulture, $":{Column}") : "";
        return $"{File}{line}{column}: {(IsError ? "error" : "warning")}: {Message}";
    }
}
