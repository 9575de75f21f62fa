namespace Morgana.Build;

/// <summary>Files that are there wholly or not at all: written beside and renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = Beside(path);
        try
        {
            using (FileStream file = new(beside, FileMode.Create, FileAccess.Write))
            {
                file.Write(content);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Forget(beside);
            throw Told(path, e);
        }
    }

    /// <summary>Copies a file, with its mode.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public static void Copy(string from, string to)
    {
        string beside = Beside(to);
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, beside, overwrite: true);
            File.Move(beside, to, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Forget(beside);
            throw Told(to, e);
        }
    }

    // Two builds at once must not write the same file beside.
    private static string Beside(string path) =>
        $"{path}.{Environment.ProcessId:x}-{Environment.CurrentManagedThreadId:x}.new";

    private static void Forget(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What led here is reported.
        }
    }

    // A full disk is reported without the file's name.
    private static IOException Told(string path, Exception e) =>
        e.Message.Contains(path, StringComparison.Ordinal) && e is IOException io
            ? io
            : new IOException($"{path} cannot be written: {e.Message}", e);
}
