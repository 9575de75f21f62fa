using System.Buffers;
using System.Text;
using Morgana.Build.Plans;

namespace Morgana.Build.Reporting;

/// <summary>An action's command as one can paste it into a POSIX shell.</summary>
public static class CommandText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=+,@%"
    );

    /// <summary>The command in one line; what the engine does itself is a comment.</summary>
    public static string Of(BuildAction action, string projectFolder)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.Program.Length == 0)
        {
            string what = action.Kind switch
            {
                ActionKind.Manifest => "write the manifest's note",
                ActionKind.Members => "take members out of",
                ActionKind.Promote => "check, strip and promote",
                _ => "copy",
            };
            return $"# {what}: {string.Join(' ', action.Inputs)} -> {(action.Outputs.Count > 3 ? Path.GetDirectoryName(action.Outputs[0]) : string.Join(' ', action.Outputs))}";
        }

        StringBuilder text = new();
        string folder = action.WorkingFolder.Length > 0 ? action.WorkingFolder : projectFolder;
        _ = text.Append("cd ").Append(Quote(folder)).Append(" &&");
        foreach (string variable in action.Environment)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            _ = text.Append(' ')
                .Append(variable[..equals])
                .Append('=')
                .Append(Quote(variable[(equals + 1)..]));
        }

        _ = text.Append(' ').Append(Quote(action.Program));
        foreach (string argument in action.Arguments)
        {
            _ = text.Append(' ').Append(Quote(argument));
        }

        return text.ToString();
    }

    private static string Quote(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAnyExcept(Plain) < 0
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
