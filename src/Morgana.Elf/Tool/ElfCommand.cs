using System.Text;

namespace Morgana.Elf;

/// <summary>
/// <c>morgana elf</c>: the commands of <c>solo5-elftool</c> with its arguments, its formats and its exit codes (0, or 1 for any error), and
/// one option more: <c>gen-manifest --object=x86_64|aarch64</c> writes the manifest as an ELF object in place of C source.
/// </summary>
public static class ElfCommand
{
    private const string Program = "morgana elf";

    private static string Version =>
        typeof(ElfCommand).Assembly.GetName().Version is Version version
            ? version.ToString(3)
            : "0";

    /// <summary>Runs a command line.</summary>
    /// <param name="args">What follows <c>morgana elf</c>.</param>
    /// <param name="output">Where results go; binary results for "-" go to the process's standard output.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>The exit code: 0, or 1 for any error.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            switch (args)
            {
                case ["gen-manifest", string source, string target]:
                    return GenerateSource(source, target, output);
                case ["gen-manifest", string option, string source, string target]
                    when option.StartsWith("--object=", StringComparison.Ordinal):
                    return GenerateObject(option["--object=".Length..], source, target);
                case ["query-manifest", string binary]:
                    return QueryManifest(binary, output, error);
                case ["query-abi", string binary]:
                    return QueryAbi(binary, output, error);
                case ["--help" or "-h"]:
                    Usage(output);
                    return 0;
                default:
                    Usage(error);
                    return 1;
            }
        }
        catch (Exception exception)
            when (exception
                    is ElfException
                        or ManifestException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            error.Write($"{Program}: {exception.Message}\n");
            return 1;
        }
    }

    private static void Usage(TextWriter writer) =>
        writer.Write(
            $"""
            usage: {Program} COMMAND ...
            {Program} version {Version}

            COMMAND is:
                gen-manifest [ --object=x86_64 | --object=aarch64 ] SOURCE OUTPUT:
                    Generate application manifest from SOURCE, writing to OUTPUT:
                    C source, or with --object an ELF object for the architecture.
                    SOURCE or OUTPUT may be "-" for standard input or output.
                query-abi BINARY:
                    Display the ABI target and version from BINARY.
                query-manifest BINARY:
                    Display the application manifest from BINARY.

            """
        );

    private static int GenerateSource(string source, string target, TextWriter output)
    {
        string text = ManifestSource.Print(ReadManifest(source), $"{Program} version {Version}");
        if (target == "-")
        {
            output.Write(text);
        }
        else
        {
            WriteFile(target, Encoding.ASCII.GetBytes(text));
        }

        return 0;
    }

    private static int GenerateObject(string machineName, string source, string target)
    {
        ElfMachine machine = machineName switch
        {
            "x86_64" or "x64" => ElfMachine.X64,
            "aarch64" or "arm64" => ElfMachine.Arm64,
            _ => throw new ManifestException(
                $"--object={machineName}: there is no such architecture; use x86_64 or aarch64"
            ),
        };
        byte[] bytes = ManifestObject.Write(ReadManifest(source), machine);
        if (target == "-")
        {
            using Stream standardOutput = Console.OpenStandardOutput();
            standardOutput.Write(bytes);
        }
        else
        {
            WriteFile(target, bytes);
        }

        return 0;
    }

    // Devices such as /dev/null are written to and not replaced.
    private static void WriteFile(string path, byte[] bytes)
    {
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        if (stream.CanSeek)
        {
            stream.SetLength(0);
        }

        stream.Write(bytes);
    }

    private static Manifest ReadManifest(string source)
    {
        if (source != "-")
        {
            return ManifestJson.Parse(File.ReadAllBytes(source), source);
        }

        using Stream input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return ManifestJson.Parse(bytes.ToArray(), source);
    }

    private static int QueryManifest(string binary, TextWriter output, TextWriter error)
    {
        using var source = new FileElfSource(binary);
        if (ManifestNote.Find(ReadImage(source)) is not Manifest manifest)
        {
            error.Write($"{Program}: {binary}: No Solo5 manifest found in executable\n");
            return 1;
        }

        output.Write(ManifestJson.Print(manifest));
        return 0;
    }

    private static int QueryAbi(string binary, TextWriter output, TextWriter error)
    {
        using var source = new FileElfSource(binary);
        if (AbiNote.Find(ReadImage(source)) is not AbiNote note)
        {
            error.Write($"{Program}: {binary}: No Solo5 ABI information found in executable\n");
            return 1;
        }

        output.Write(
            $"{{\n  \"type\": \"solo5.abi\",\n  \"target\": \"{note.TargetName}\",\n  \"version\": {note.Version}\n}}\n"
        );
        return 0;
    }

    private static ElfFile ReadImage(ElfSource source)
    {
        var file = ElfFile.Read(source);
        return file.Type == ElfFileType.Executable && file.Segments.Length > 0
            ? file
            : throw new ElfException(
                $"{source.Name}: invalid or unsupported executable: type {(int)file.Type} with {file.Segments.Length} program headers; give a linked image"
            );
    }
}
