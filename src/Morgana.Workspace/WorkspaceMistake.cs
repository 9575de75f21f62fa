using System.Globalization;

namespace Morgana.Workspace;

/// <summary>One thing that is wrong in what a workspace declares.</summary>
/// <param name="Code">The code under which docs/contexts.md explains it, MORGANAnnn.</param>
/// <param name="File">Full path of the file; empty when no file is to blame.</param>
/// <param name="Line">The line, from 1; 0 when the whole file is meant.</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record WorkspaceMistake(string Code, string File, int Line, string Message)
{
    /// <summary>In the form that compilers have: <c>FILE(LINE): error CODE: MESSAGE</c>.</summary>
    public override string ToString() =>
        File.Length == 0
            ? $"error {Code}: {Message}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{File}{(Line > 0 ? $"({Line})" : "")}: error {Code}: {Message}"
            );
}
