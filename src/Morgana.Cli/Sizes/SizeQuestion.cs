using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Elf;

namespace Morgana.Cli.Sizes;

/// <summary><c>morgana query size</c>: where the bytes of an image come from.</summary>
internal static class SizeQuestion
{
    /// <summary>Rows shown of a finer sum than that of libraries, unless the user says.</summary>
    private const int UsualRows = 30;

    /// <summary>Answers for one image.</summary>
    /// <param name="terminal">Where the answer goes.</param>
    /// <param name="unikernel">The folder of the unikernel, whose obj/ has the symbols.</param>
    /// <param name="image">Full path of the image.</param>
    /// <param name="kind">What to sum by.</param>
    /// <param name="most">Rows to show, 0 for all; null for the usual number.</param>
    /// <param name="json">As JSON.</param>
    /// <exception cref="CommandException">There is no image, or no symbols for it.</exception>
    public static void Answer(
        Terminal terminal,
        UnikernelFolder unikernel,
        string image,
        SizeKind kind,
        int? most,
        bool json
    )
    {
        string name = unikernel.NameOf(image);
        if (!File.Exists(image))
        {
            throw new CommandException(
                ExitCode.Missing,
                $"There is no image {name}: run morgana build, or name the image's file."
            );
        }

        try
        {
            string objects = Path.Combine(unikernel.Location, "obj");
            string symbols =
                SymbolFile.Find(image, objects)
                ?? throw new CommandException(
                    ExitCode.Missing,
                    $"{name} has no symbols, and obj/ has no file with those of this very image: run morgana build."
                );
            ManagedNames managed = new();
            foreach (string assembly in SymbolFile.Assemblies(symbols, objects))
            {
                managed.Add(assembly);
            }

            using FileElfSource imageFile = new(image);
            using FileElfSource symbolFile = new(symbols);
            SizeTable table = new(
                name,
                kind,
                ImageSizes.Measure(ElfFile.Read(imageFile), ElfFile.Read(symbolFile), managed)
            );
            if (json)
            {
                terminal.Json(table.Json());
            }
            else
            {
                terminal.Out.Write(table.Text(most ?? (kind == SizeKind.Library ? 0 : UsualRows)));
            }
        }
        catch (ElfException exception)
        {
            throw new CommandException(ExitCode.Failed, exception.Message + ".");
        }
    }
}
