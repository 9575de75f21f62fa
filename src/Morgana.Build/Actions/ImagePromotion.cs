using Morgana.Build.Plans;
using Morgana.Elf;

namespace Morgana.Build.Actions;

/// <summary>Checks a linked image and puts it into dist/, without its symbols unless they are to be kept.</summary>
internal static class ImagePromotion
{
    /// <summary>The argument that keeps symbols and debug information.</summary>
    public const string KeepSymbols = "keep-symbols";

    public static void Run(BuildAction action)
    {
        string linked = action.Inputs[0];
        byte[] image = File.ReadAllBytes(linked);
        SystemCallSite[] found;
        try
        {
            // An uncertain hit is a byte pattern inside what may be data: reported by the query, not a reason to refuse.
            found = [.. ImageCheck.FindSystemCalls(image).Where(site => site.Certain)];
            if (!action.Arguments.Contains(KeepSymbols))
            {
                image = ElfStrip.Strip(image);
            }
        }
        catch (ElfException e)
        {
            throw new BuildException("MORGANA042", e.Message);
        }

        if (found.Length > 0)
        {
            throw new BuildException(
                "MORGANA042",
                "The image has system call instructions outside its bindings:\n"
                    + string.Join('\n', found.Take(8).Select(site => "  " + site))
                    + "\nA native library brought them: an image may reach its host only through the bindings."
            );
        }

        string target = action.Outputs[0];
        AtomicFile.Write(target, image);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(target, File.GetUnixFileMode(linked));
        }
    }
}
