using System.Globalization;
using System.Text;

namespace Morgana.Crunch;

/// <summary>The command line of crunch.</summary>
internal static class CrunchCommand
{
    private const string Usage = """
        Writes a folder as C#: a class derived from Morgana.Storage.EmbeddedStore.
          crunch FOLDER --output FILE.cs [--namespace NAME] [--class NAME]

        """;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        string? folder = null;
        string? file = null;
        string space = "Embedded";
        string name = "Files";
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--help" or "-h")
            {
                output.Write(Usage);
                return 0;
            }

            bool option = args[i].StartsWith("--", StringComparison.Ordinal);
            if (option && i + 1 == args.Length)
            {
                return Fail($"{args[i]} needs a value.");
            }

            switch (args[i])
            {
                case "--output":
                    file = args[++i];
                    break;
                case "--namespace":
                    space = args[++i];
                    break;
                case "--class":
                    name = args[++i];
                    break;
                case var _ when option || folder is not null:
                    return Fail($"'{args[i]}' is not understood.");
                default:
                    folder = args[i];
                    break;
            }
        }

        if (folder is null || file is null)
        {
            return Fail(folder is null ? "a folder is missing." : "--output is missing.");
        }

        if (!Directory.Exists(folder))
        {
            return Fail($"there is no folder {Path.GetFullPath(folder)}.");
        }

        if (!IsIdentifier(name) || !space.Split('.').All(IsIdentifier))
        {
            return Fail($"{space}.{name} cannot be the name of a class.");
        }

        try
        {
            EmbeddedFolder contents = EmbeddedFolder.Read(folder);
            Write(file, StoreSource.Print(contents, space, name));
            output.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}: {contents.Files.Count} files, {contents.Size} bytes\n"
                )
            );
            return 0;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Fail(e.Message);
        }

        int Fail(string message)
        {
            error.Write($"crunch: {message}\n");
            return 1;
        }
    }

    /// <summary>In place at once, and only when it is new: what is built of it stays current otherwise.</summary>
    private static void Write(string file, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes))
        {
            return;
        }

        string beside = file + ".new";
        File.WriteAllBytes(beside, bytes);
        File.Move(beside, file, overwrite: true);
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0
        && (char.IsLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsLetterOrDigit(c) || c == '_');
}
