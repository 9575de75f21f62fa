using Morgana.Build.Plans;
using Morgana.Build.Stubs;
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
            IReadOnlyList<StubFile> stubs = StubFile.Read(action.Arguments);
            throw new BuildException(
                "MORGANA042",
                "The image has system call instructions outside its bindings:\n"
                    + string.Join(
                        '\n',
                        found.Take(8).Select(site => "  " + site + StubOf(site, stubs))
                    )
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

    /// <summary>The foreign stub that has a system call in a function of this name, as the end of a line.</summary>
    private static string StubOf(SystemCallSite site, IReadOnlyList<StubFile> stubs)
    {
        foreach (StubFile stub in stubs)
        {
            NativeObject? part = NativeObject
                .Read(stub.Path)
                .FirstOrDefault(part =>
                    ImageCheck
                        .FindSystemCalls(part.File)
                        .Any(own => own.Symbol is not null && own.Symbol == site.Symbol)
                );
            if (part is not null)
            {
                return stub.IsCompiled
                    ? $", from the foreign stub {Path.GetFileName(stub.Source)}"
                    : $", from the foreign stubs' {part}";
            }
        }

        return "";
    }
}
