using System.Text.Json.Nodes;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Elf;

namespace Morgana.Cli.Sizes;

/// <summary><c>morgana query symbols</c>: the file that a debugger needs for an image.</summary>
internal static class SymbolsQuestion
{
    /// <summary>Answers for one image.</summary>
    /// <param name="terminal">Where the answer goes.</param>
    /// <param name="unikernel">The folder of the unikernel, whose obj/ has the symbols.</param>
    /// <param name="image">Full path of the image.</param>
    /// <param name="json">As JSON.</param>
    /// <exception cref="CommandException">There is no image, or no symbols for it.</exception>
    public static void Answer(Terminal terminal, UnikernelFolder unikernel, string image, bool json)
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
            string symbols =
                SymbolFile.Find(image, Path.Combine(unikernel.Location, "obj"))
                ?? throw new CommandException(
                    ExitCode.Missing,
                    $"{name} has no symbols, and obj/ has no file with those of this very image: run morgana build."
                );
            bool hasLines = SymbolFile.HasLines(symbols);
            string path = unikernel.NameOf(symbols);
            if (json)
            {
                terminal.Json(
                    new JsonObject
                    {
                        ["image"] = name,
                        ["symbols"] = path,
                        ["lines"] = hasLines,
                    }
                );
                return;
            }

            terminal.Out.Write(path + "\n");
            if (!hasLines)
            {
                terminal.Error.Write(
                    "It has the names of methods, but no lines of C#: for these add IlcOptions=\"-g\" or Profile=\"debug\" to the build context in workspace.props.\n"
                );
            }
        }
        catch (ElfException exception)
        {
            throw new CommandException(ExitCode.Failed, exception.Message + ".");
        }
    }
}
