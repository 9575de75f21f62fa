using System.Text;

namespace Morgana.Cli.Output;

/// <summary>Writes files so that whoever reads them sees the old one or the new one, never a half.</summary>
internal static class PlacedFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text file, and its folder when it is not there.</summary>
    public static Task WriteAsync(string path, string text, CancellationToken cancellation) =>
        WriteAsync(path, Utf8.GetBytes(text), cancellation);

    /// <summary>Writes a file, and its folder when it is not there.</summary>
    public static async Task WriteAsync(
        string path,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, content, cancellation).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
