namespace Morgana.Build.Diagnostics;

/// <summary>Finds the sources that debug information names.</summary>
internal static class SourceFile
{
    /// <summary>The source file as this disk has it, seen from the unikernel's folder: debug information may have it under a folder of another name.</summary>
    public static string On(string folder, string file)
    {
        if (file.Length == 0 || File.Exists(file))
        {
            return file;
        }

        string[] parts = file.Split('/', '\\');
        for (int i = 0; i < parts.Length; i++)
        {
            string candidate = Path.Combine([folder, .. parts[i..]]);
            if (parts[i].Length > 0 && File.Exists(candidate))
            {
                return candidate;
            }
        }

        return file;
    }
}
