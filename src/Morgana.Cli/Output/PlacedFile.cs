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
    public static Task WriteAsync(
        string path,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation
    ) => WriteAsync(path, stream => stream.WriteAsync(content, cancellation).AsTask());

    /// <summary>Writes a file of any size through a stream that can be read and sought too, and its folder when it is not there.</summary>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            FileStream stream = new(temporary, FileMode.Create, FileAccess.ReadWrite);
            await using (stream.ConfigureAwait(false))
            {
                await write(stream).ConfigureAwait(false);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
